#pragma once

#include <span>
#include <vector>

#include "patchead/pipeline/worker.hpp"
#include "point_scores.hpp"

/// \file
/// \brief Anomaly maps for the eye. Private to the pipeline layer.

namespace patchead::inline pipeline_detail {

/// Ends of the colour scale of a category.
struct ColourScale {
    float low = 0;   ///< Median of the patch scores of all test images.
    float high = 0;  ///< Their 99.8th percentile.
};

[[nodiscard]] ColourScale colour_scale(const PatchScores& scores);

/// The heat maps that `unit` asks for. `scores`: of all its test images.
[[nodiscard]] std::vector<AnomalyPicture> draw_pictures(const SweepSpec& spec,
                                                        const EvaluateUnit& unit,
                                                        const PointScores& scores,
                                                        const ColourScale& scale);

/// `values[n, grid]` as maps of the whole images, at the size of the grid: what images of `shapes`
/// have in its upper left corner is spread over all of it. Without shapes they are that already.
[[nodiscard]] std::vector<float> over_images(std::vector<float> values, Grid grid,
                                             std::span<const InputShape> shapes,
                                             const MetricOptions& options);

/// The maps that `unit` records, without attention. `scores`: of all its test images. Those of
/// several grids are fused on the finest.
[[nodiscard]] PointMaps record_maps(const EvaluateUnit& unit, const PointScores& scores,
                                    const ColourScale& scale);

/// Where the features of the test images at `places` lie: of themselves, not of copies. `unit` is
/// no fused point.
[[nodiscard]] std::vector<ImageRef> originals_of(const SweepPlan& plan, const EvaluateUnit& unit,
                                                 std::span<const std::size_t> places);

/// Reads image and mask (anomalous above `truth_threshold`) and makes them small.
[[nodiscard]] Thumbnail make_thumbnail(std::span<const Sample> samples, std::size_t sample,
                                       double truth_threshold);

}  // namespace patchead::inline pipeline_detail
