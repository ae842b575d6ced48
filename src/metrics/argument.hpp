#pragma once

#include <string>
#include <string_view>

/// \file
/// \brief What the name of a metric says behind its mark: "AUPRO@0.05", "AUPIMO@0.001:0.1".

namespace patchead::inline metrics_detail {

/// NaN where the name says nothing.
struct Argument {
    double first;
    double second;
};

/// What a metric takes. Each has a word for lists and a domain.
enum class Takes { nothing, rate, threshold, rates };

/// The word for it in lists, e.g. "<RATE>".
[[nodiscard]] std::string_view word_of(Takes takes);

/// Reads the whole of `text`. Throws ConfigError that names `metric` for what it does not take.
[[nodiscard]] Argument parse_argument(Takes takes, std::string_view text,
                                      const std::string& metric);

/// The text that parses to it, the same for equal arguments.
[[nodiscard]] std::string argument_text(Takes takes, const Argument& argument);

}  // namespace patchead::inline metrics_detail
