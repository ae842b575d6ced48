#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "patchead/core/options.hpp"
#include "patchead/core/types.hpp"
#include "patchead/metrics/metrics.hpp"
#include "ranking.hpp"

/// \file
/// \brief All pixels of a category, reduced to counts.

namespace patchead::inline metrics_detail {

/// A threshold that is not the score of a positive.
struct LinearThreshold {
    std::uint32_t key;  ///< `key_of_threshold`.
    std::int64_t negatives_above = 0;
};

/// The pixels as metrics see them.
struct PixelRanking {
    Ranking ranking;
    /// min + i (max - min) / 200 over all pixels, i = 0 .. 199; empty if all scores are equal.
    std::vector<LinearThreshold> linear;
    std::vector<LinearThreshold> cuts{};   ///< Those of `PixelDetail`, in its order.
    std::vector<Positive> positives{};     ///< By descending score.
    std::vector<double> normal_rates{};    ///< Of each threshold of the ranking: mean, over the
                                           ///< normal images, of the share at or above it.
    std::size_t normal_images = 0;         ///< Behind `normal_rates`,
    std::size_t smallest_normal_area = 0;  ///< and the fewest pixels of one of them.
};

/// What is kept beside counts, for metrics that were asked for.
struct PixelDetail {
    bool positives = false;
    bool normal_rates = false;
    std::vector<double> cuts{};  ///< Scores above these are counted.
};

/// Ranks the pixels of all maps (of the anomalous images only, if `options` says so).
///
/// Maps are made twice, and never more than one is held: once for the positives and the range,
/// once for the negatives, which are counted between the scores of the positives.
/// Memory: 100 bytes per anomalous pixel and 32 MB (with `normal_rates` twice that).
[[nodiscard]] PixelRanking rank_pixels(const MapSource& maps,
                                       std::span<const std::uint8_t> anomalous,
                                       const GroundTruth& truth, const MetricOptions& options,
                                       const PixelDetail& detail = {});

}  // namespace patchead::inline metrics_detail
