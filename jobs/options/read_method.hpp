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

/// All on which numbers, or their artifacts, depend: what a model of photos holds.
[[nodiscard]] po::options_description recorded_method_group();

/// Those of `recorded_method_group`; the others are at their defaults. Throws ConfigError.
[[nodiscard]] Method read_method_texts(const po::variables_map& values);

/// Throws ConfigError, also if maps are asked for at shots that none of `grids` has.
[[nodiscard]] Method read_method(const po::variables_map& values,
                                 const std::vector<PointGrid>& grids);

}  // namespace patchead
