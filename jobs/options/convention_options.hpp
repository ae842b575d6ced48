#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "options/sweep_options.hpp"

/// \file
/// \brief The options of `patchead conventions`: a run or the options of a sweep, and the table of
/// conventions (conventions.def).

namespace patchead {

/// A convention with one of its values.
struct ConventionChoice {
    std::string convention;  ///< "mask rule".
    std::string option;      ///< "mask-resize".
    std::string value;
    std::string used_by;       ///< Who publishes numbers with it.
    bool moves_masks = false;  ///< Whether the ground truth depends on it.
    bool is_base = false;      ///< The sweep has it itself.
    SweepRequest request{};    ///< Of a choice that is not the base's.
};

struct ConventionOptions {
    SweepRequest base;
    std::vector<ConventionChoice> choices;           ///< Those of one convention beside each other.
    std::map<std::string, std::string> base_values;  ///< By convention.
};

/// Options of `conventions` from its command line: of the sweep that is read, and `conventions`;
/// nothing if help was asked for. A run is named by the first word: its options hold where the
/// command line says nothing, and results go to RUN/conventions. Throws ConfigError.
[[nodiscard]] std::optional<SweepOptions> parse_convention_options(
    const std::vector<std::string>& arguments, ConventionOptions& conventions);

}  // namespace patchead
