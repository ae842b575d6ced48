#include "patchead/metrics/metrics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "evidence.hpp"
#include "float_key.hpp"
#include "map_maker.hpp"
#include "patchead/core/error.hpp"

namespace patchead {

#define PATCHEAD_METRIC(name, function) Quantity function(const Evidence& evidence);
#include "metrics.def"
#undef PATCHEAD_METRIC

namespace {

constexpr auto kMetrics = std::to_array<Metric>({
#define PATCHEAD_METRIC(name, function) {name, &function},
#include "metrics.def"
#undef PATCHEAD_METRIC
});

Ranking rank_images(const PatchScores& scores, std::span<const std::uint8_t> anomalous) {
    constexpr std::array<std::uint32_t, 1> kNoRegions{1};
    std::vector<Positive> positives;
    std::vector<std::uint32_t> negatives;
    for (std::size_t i = 0; i < anomalous.size(); ++i) {
        const auto key = descending_key(scores.images[i]);
        if (anomalous[i] != 0) {
            positives.push_back({key, 0});
        } else {
            negatives.push_back(key);
        }
    }
    std::ranges::sort(negatives);
    auto ranking = rank_positives("image", std::move(positives), kNoRegions);
    count_negatives(ranking, negatives);
    return ranking;
}

void require_same_images(const PatchScores& scores, std::span<const std::uint8_t> anomalous,
                         const GroundTruth& truth, const MetricOptions& options) {
    const auto n = scores.ids.size();
    require<DataError>(anomalous.size() == n && truth.images.size() == n, "scores of ", n,
                       " images, labels of ", anomalous.size(), ", masks of ", truth.images.size(),
                       " (they must be the same images); evaluate them together");
    require<DataError>(n == 0 || truth.side_px == options.side_px, "masks of ", truth.side_px,
                       " pixels a side (evaluation is at ", options.side_px,
                       "); find regions at that size");
}

}  // namespace

Quantity Quantity::undefined(std::string reason) {
    Quantity quantity(std::numeric_limits<double>::quiet_NaN());
    quantity.reason = std::move(reason);
    return quantity;
}

void require_finite(const PatchScores& scores) {
    const auto finite = [](float score) { return std::isfinite(score); };
    for (std::size_t i = 0; i < scores.ids.size(); ++i) {
        require<DataError>(finite(scores.images[i]) && std::ranges::all_of(scores.of(i), finite),
                           "a score of '", scores.ids[i],
                           "' is not finite (its features or matches are damaged); remove them "
                           "from the store and run again");
    }
}

MetricSet measure(const PatchScores& scores, std::span<const std::uint8_t> anomalous,
                  const GroundTruth& truth, const MetricOptions& options) {
    require_finite(scores);
    MapMaker maker(scores.grid, options);
    return measure(
        scores, [&](std::size_t image) { return maker.make(scores.of(image)); }, anomalous, truth,
        options);
}

MetricSet measure(const PatchScores& scores, const MapSource& maps,
                  std::span<const std::uint8_t> anomalous, const GroundTruth& truth,
                  const MetricOptions& options) {
    require_same_images(scores, anomalous, truth, options);
    const Evidence evidence{
        rank_images(scores, anomalous), rank_pixels(maps, anomalous, truth, options),
        static_cast<std::int64_t>(truth.region_sizes.size()), options.pro_limit};
    MetricSet set;
    for (const auto& metric : kMetrics) {
        auto [value, reason] = metric.compute(evidence);
        set.push_back({std::string(metric.name), value, std::move(reason)});
    }
    return set;
}

std::vector<std::string_view> metric_names() {
    std::vector<std::string_view> names;
    for (const auto& metric : kMetrics) { names.push_back(metric.name); }
    return names;
}

}  // namespace patchead
