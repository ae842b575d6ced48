#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// \file
/// \brief What every rank metric needs: counts at the distinct scores of the positives.

namespace patchead::inline metrics_detail {

/// All items, positive and negative, with one score.
struct Threshold {
    std::uint32_t key = 0;  ///< `descending_key` of the score.
    std::int64_t positives = 0;
    std::int64_t negatives = 0;
    std::int64_t negatives_above = 0;  ///< Negatives with a higher score.
    double region_weight = 0;          ///< Sum of 1 / |region| over the positives.
};

/// A set of labelled scores, reduced to what no rank metric can do without.
///
/// Scores that only negatives have are left out: between two positives nothing but the number of
/// negatives matters. All counts are integers, so neither the order in which negatives are counted
/// nor who counts them can be seen in a metric.
struct Ranking {
    std::string_view item;              ///< What is ranked, "image" or "pixel", for messages.
    std::vector<Threshold> thresholds;  ///< By descending score.
    std::int64_t positives = 0;
    std::int64_t negatives = 0;
};

/// A positive as it is sorted.
struct Positive {
    std::uint32_t key;
    std::uint32_t region;
};

/// A ranking that has its positives and waits for its negatives. Sorts `positives` by key.
/// `region_sizes[region]` in items; sums over a region's items keep their order in `positives`.
[[nodiscard]] Ranking rank_positives(std::string_view item, std::vector<Positive>& positives,
                                     std::span<const std::uint32_t> region_sizes);

/// Counts negatives, given as ascending `descending_key`s. May be called any number of times.
void count_negatives(Ranking& ranking, std::span<const std::uint32_t> sorted_keys);

/// Why no metric of both classes is defined, e.g. "no anomalous pixel"; empty if it is.
[[nodiscard]] std::string missing_class(const Ranking& ranking);

}  // namespace patchead::inline metrics_detail
