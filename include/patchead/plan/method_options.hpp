#pragma once

#include <span>
#include <string>

#include "patchead/plan/sweep_spec.hpp"

/// \file
/// \brief The options of the method as a table: names and texts for what parses, prints and varies
/// them. Its rows follow from core/options.def.

namespace patchead {

/// What an option changes first; all that comes after it changes, too.
enum class Changes {
    pictures,    ///< No number and no artifact: what is recorded.
    units,       ///< No number: which images share an artifact.
    tokens,      ///< No number of results: what is stored beside features.
    features,    ///< What is stored of features.
    alignments,  ///< Where images lie in each other, or their copies.
    matches,     ///< What is matched, and how.
    results      ///< Only what is read out of match tensors.
};

/// Whether results say what the option was: whether a number of theirs, or its key, depends on it.
[[nodiscard]] constexpr bool is_recorded(Changes what) {
    return what != Changes::pictures && what != Changes::tokens;
}

/// One option of the method.
struct MethodOption {
    std::string name;          ///< "kp-fraction", without the dashes.
    std::string default_text;  ///< Parses to the default.
    std::string other_text;    ///< Parses to another value: tests see what depends on the option.
    std::string help;          ///< A line for people.
    Changes changes = Changes::results;
    /// Throws ConfigError that names option, text and mend.
    void (*set)(Method& method, const std::string& text) = nullptr;
    /// The text that parses to what `method` holds.
    std::string (*text)(const Method& method) = nullptr;
};

/// Every option, in the order of --help.
[[nodiscard]] std::span<const MethodOption> method_options();

/// All options at their defaults.
[[nodiscard]] Method default_method();

}  // namespace patchead
