#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "patchead/setup/measure_inputs.hpp"

/// \file
/// \brief The options of `patchead measure`.

namespace patchead {

/// What the command line and the config files said.
struct MeasureOptions {
    std::filesystem::path example{};  ///< Not empty: an example is asked for, and nothing else.
    std::filesystem::path output{};
    std::string interpolation{};  ///< As the user writes it.
    MeasureRequest request{};
};

/// Nothing if help was asked for, which is printed. Throws ConfigError.
[[nodiscard]] std::optional<MeasureOptions> parse_measure_options(
    const std::vector<std::string>& arguments);

}  // namespace patchead
