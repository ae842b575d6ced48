#pragma once

#include <string>
#include <string_view>

/// \file
/// \brief What data sets are called whose test images are changed on purpose: "mvtec+noise-0.05".

namespace patchead {

/// Stands between a data set's own name and what is done to its test images.
inline constexpr char kPerturbedMark = '+';

/// "mvtec" of "mvtec+noise-0.05"; the whole of others.
[[nodiscard]] inline std::string base_dataset(std::string_view name) {
    return std::string(name.substr(0, name.rfind(kPerturbedMark)));
}

/// "noise-0.05" of "mvtec+noise-0.05"; empty of others.
[[nodiscard]] inline std::string perturbation_in_name(std::string_view name) {
    const auto mark = name.rfind(kPerturbedMark);
    return mark == std::string_view::npos ? std::string() : std::string(name.substr(mark + 1));
}

}  // namespace patchead
