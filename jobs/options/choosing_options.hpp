#pragma once

#include <optional>
#include <string>

#include "options/parse_options.hpp"
#include "patchead/report/selection.hpp"
#include "patchead/setup/sweep_request.hpp"

/// \file
/// \brief `patchead ablate --choose`: how one of several choices is made.

namespace patchead {

struct Choosing {
    HeldOut held_out = HeldOut::dataset;
    std::string by;  ///< The metric.
};

[[nodiscard]] po::options_description choosing_option_group();

/// Nothing if no choice is asked for. `request`: of the sweep. Throws ConfigError.
[[nodiscard]] std::optional<Choosing> read_choosing(const po::variables_map& values,
                                                    const SweepRequest& request);

}  // namespace patchead
