#pragma once

#include <vector>

#include "options/parse_options.hpp"
#include "patchead/plan/sweep_spec.hpp"

/// \file
/// \brief The options of the method, and profiles that stand in for their defaults.

namespace patchead {

/// Those on which numbers depend, and `--profile`, as a group of --help.
[[nodiscard]] po::options_description method_option_group();

/// The others, about the store and pictures: a part of the group of the run.
[[nodiscard]] po::options_description run_option_group();

/// Throws ConfigError, also if maps are asked for at shots that none of `grids` has.
[[nodiscard]] Method read_method(const po::variables_map& values,
                                 const std::vector<PointGrid>& grids);

}  // namespace patchead
