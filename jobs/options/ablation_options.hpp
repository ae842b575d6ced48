#pragma once

#include <optional>
#include <string>
#include <vector>

#include "options/choosing_options.hpp"
#include "options/sweep_options.hpp"

/// \file
/// \brief The options of `patchead ablate`: those of a sweep, and what is varied.

namespace patchead {

/// A value of each axis, and the options of the sweep with these.
struct AblationChoice {
    std::vector<std::string> values;
    SweepRequest request;
};

struct AblationOptions {
    std::vector<std::string> variables;
    std::vector<AblationChoice> choices;  ///< Every combination, the last axis fastest.
    std::optional<Choosing> choosing{};   ///< How one of them is chosen, if one is to be.
    SweepRequest defaults{};              ///< The options as they are given, with no axis.
};

/// Options of `ablate` from its command line: of the sweep that is varied, and `ablation`; nothing
/// if help was asked for. Throws ConfigError, also about any one choice.
[[nodiscard]] std::optional<SweepOptions> parse_ablation_options(
    const std::vector<std::string>& arguments, AblationOptions& ablation);

}  // namespace patchead
