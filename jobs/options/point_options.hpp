#pragma once

#include <string>
#include <vector>

#include "options/parse_options.hpp"
#include "patchead/plan/sweep_spec.hpp"

/// \file
/// \brief Which points a sweep computes: one grid of options, or those of files.

namespace patchead {

/// What `--dataset`, `--backbone`, `--image-size`, `--shots`, `--seeds`, `--modules`, `--detector`
/// and `--grid` ask for.
struct PointOptions {
    std::vector<std::string> datasets;   ///< Of all grids.
    std::vector<std::string> backbones;  ///< Of all grids; `PointGrid::backbones` counts these.
    std::vector<std::string> detectors{"patchead"};  ///< The same; the first, in a grid or not.
    std::vector<PointGrid> grids;
    std::string text;  ///< The grids of files, one a line, for provenance; else empty.
};

/// The options of a grid, and `--grid`, as a group of --help.
[[nodiscard]] po::options_description point_option_group();

/// A file of `--grid` is looked for where it is said to lie and beside the files of `--config`.
/// Options given with `--grid` narrow its grids to the values that they name.
/// Throws ConfigError.
[[nodiscard]] PointOptions parse_points(const po::variables_map& values);

}  // namespace patchead
