#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "patchead/cache/point_result.hpp"
#include "patchead/core/types.hpp"
#include "patchead/pipeline/map_points.hpp"
#include "patchead/results/results.hpp"

/// \file
/// \brief What a measurement of maps leaves in its output folder.

namespace patchead {

/// Points and what became of them, in the same order.
struct MeasuredRun {
    std::span<const Sample> samples;
    std::span<const MapPoint> points;
    std::span<const MeasuredPoint> measured;
};

/// The results as a sweep has them. To `provenance` come the digests of the maps of each data set
/// (`maps.<dataset>`: SHA-256 of image ids and the digests of their maps) and how many maps were
/// interpolated.
[[nodiscard]] Results measured_results(const MeasuredRun& run, Provenance provenance);

/// `maps.csv`: which file was taken for which image, its size and the one at which it was measured,
/// and the image's score: a line for each image of each point.
[[nodiscard]] std::string measured_maps_csv(const MeasuredRun& run);

/// What a user should know: maps that are interpolated, constant or all the same, scores that seem
/// to be the wrong way round.
[[nodiscard]] std::vector<std::string> measured_notes(const MeasuredRun& run,
                                                      const std::string& interpolation);

/// `maps.csv` and what `write_outputs` writes. Results that are there, and of which something would
/// be lost, are kept as `results.before-<N>.h5`. Returns notes about that.
std::vector<std::string> write_measured(const std::filesystem::path& folder, const MeasuredRun& run,
                                        const Results& results);

}  // namespace patchead
