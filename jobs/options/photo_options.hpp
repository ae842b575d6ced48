#pragma once

#include <optional>
#include <string>
#include <vector>

#include "options/photo_values.hpp"

/// \file
/// \brief The options of `patchead fit` and `patchead score`.

namespace patchead {

/// Nothing if help was asked for, which is printed then. Throw ConfigError.
[[nodiscard]] std::optional<FitOptions> parse_fit_options(
    const std::vector<std::string>& arguments);
/// Reads the options that --model holds, too.
[[nodiscard]] std::optional<ScoreOptions> parse_score_options(
    const std::vector<std::string>& arguments);

}  // namespace patchead
