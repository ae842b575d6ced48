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

/// One of the thresholds that are equidistant in the score.
struct LinearThreshold {
    std::uint32_t key;  ///< `key_of_threshold`.
    std::int64_t negatives_above = 0;
};

/// The pixels as metrics see them.
struct PixelRanking {
    Ranking ranking;
    /// min + i (max - min) / 200 over all pixels, i = 0 .. 199; empty if all scores are equal.
    std::vector<LinearThreshold> linear;
};

/// Ranks the pixels of all maps (of the anomalous images only, if `options` says so).
///
/// Maps are made twice, and never more than one is held: once for the positives and the range,
/// once for the negatives, which are sorted and counted a few million at a time.
/// Memory: 56 bytes per anomalous pixel and 50 MB.
[[nodiscard]] PixelRanking rank_pixels(const MapSource& maps,
                                       std::span<const std::uint8_t> anomalous,
                                       const GroundTruth& truth, const MetricOptions& options);

}  // namespace patchead::inline metrics_detail
