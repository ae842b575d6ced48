#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "patchead/core/options.hpp"
#include "patchead/core/types.hpp"
#include "patchead/metrics/ground_truth.hpp"

/// \file
/// \brief From scores and ground truth to numbers. Exact; equal scores are one threshold.

namespace patchead {

/// A patch grid as a map. Shape: `patches[grid.rows, grid.cols]` to `[size.height, size.width]`.
/// Bilinear with half-pixel centres as torch's and OpenCV's, computed in float32; then, with
/// `smooth_sigma_px`, a separable Gaussian of radius int(4 sigma + 0.5) with half-sample symmetric
/// borders, as scipy's default.
[[nodiscard]] std::vector<float> upsample(std::span<const float> patches, Grid grid, MapSize size,
                                          const MetricOptions& options);

/// The same for patches in the upper left corner of `patches` that show an image as `shape` says:
/// the map is that of the whole image. Beyond its patches a pixel has what the nearest one of them
/// gives; patches beyond the image are cut off. With patches that cover the image exactly, and
/// nothing else, every bit is that of `upsample` above.
[[nodiscard]] std::vector<float> upsample(std::span<const float> patches, Grid grid,
                                          const InputShape& shape, MapSize size,
                                          const MetricOptions& options);

/// One test image as a metric sees it.
struct LabelledScore {
    float score = 0;
    bool anomalous = false;
};

/// What is asked of `measure`, and what some metrics need beside scores and masks. One that lacks
/// what it needs is NaN with a reason.
struct MetricRequest {
    std::vector<std::string> names{};     ///< As metric_names.hpp has them; empty: the default.
    std::vector<std::int32_t> samples{};  ///< The sample that each image is a view of. Shape `[n]`.
    std::vector<std::string> types{};     ///< Of defect, of each image. Shape `[n]`.
    /// Where the name of a metric says none; chosen by others than these images.
    std::optional<double> image_threshold{};
    std::optional<double> pixel_threshold{};
};

/// The metrics that `request` names, in that order; by default all of `src/metrics/metrics.def`.
///
/// `anomalous[n]`: image labels, by folder; `truth`: as `find_regions` gave it for the same images.
/// Maps have the sizes of the masks, of which `truth` may hold the middle only: with
/// `scores.shapes`, any; else those that `options` say. A metric that is undefined (one class
/// absent, no region; of pixels, if `truth.without_mask` is not 0) is NaN with a reason. Throws
/// DataError if a score is NaN (the message names the image id).
[[nodiscard]] MetricSet measure(const PatchScores& scores, std::span<const std::uint8_t> anomalous,
                                const GroundTruth& truth, const MetricOptions& options,
                                const MetricRequest& request = {});

/// The whole map of image `i`, finite, of `GroundTruth::Pixels::map_size`; valid until the next
/// call.
using MapSource = std::function<std::span<const float>(std::size_t image)>;

/// The same for maps that are more than one patch grid made larger. `scores` counts for its ids and
/// image scores only. Each map is asked for twice; by emulated metrics, once more.
[[nodiscard]] MetricSet measure(const PatchScores& scores, const MapSource& maps,
                                std::span<const std::uint8_t> anomalous, const GroundTruth& truth,
                                const MetricOptions& options, const MetricRequest& request = {});

/// Those of the default that need image scores only, to the bit as `measure` gives them.
/// Shapes: `scores[n]`, finite; `anomalous[n]`. Throws DataError if these differ in number.
[[nodiscard]] MetricSet measure_images(std::span<const float> scores,
                                       std::span<const std::uint8_t> anomalous);

/// Throws DataError that names the image if a score of a patch or an image is not finite.
void require_finite(const PatchScores& scores);

/// Names of the default metrics in order, and of those that `measure_images` gives.
[[nodiscard]] std::vector<std::string_view> metric_names();
[[nodiscard]] std::vector<std::string_view> image_metric_names();

}  // namespace patchead
