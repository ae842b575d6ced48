#include "ranking.hpp"

#include "patchead/core/error.hpp"
#include "radix_sort.hpp"

namespace patchead::inline metrics_detail {
namespace {

std::size_t distinct_keys(std::span<const Positive> sorted) {
    std::size_t count = sorted.empty() ? 0 : 1;
    for (std::size_t i = 1; i < sorted.size(); ++i) {
        count += sorted[i].key != sorted[i - 1].key ? 1 : 0;
    }
    return count;
}

}  // namespace

Ranking rank_positives(std::string_view item, std::vector<Positive>& positives,
                       std::span<const std::uint32_t> region_sizes) {
    Ranking ranking{item, {}, static_cast<std::int64_t>(positives.size()), 0};
    std::vector<Positive> scratch;
    radix_sort(positives, scratch, [](const Positive& p) { return p.key; });
    ranking.thresholds.reserve(distinct_keys(positives));
    for (const auto& positive : positives) {
        if (ranking.thresholds.empty() || ranking.thresholds.back().key != positive.key) {
            ranking.thresholds.push_back({.key = positive.key});
        }
        ++ranking.thresholds.back().positives;
        ranking.thresholds.back().region_weight += 1.0 / region_sizes[positive.region];
    }
    return ranking;
}

void count_negatives(Ranking& ranking, std::span<const std::uint32_t> sorted_keys) {
    std::size_t at = 0;
    for (auto& threshold : ranking.thresholds) {
        while (at < sorted_keys.size() && sorted_keys[at] < threshold.key) { ++at; }
        threshold.negatives_above += static_cast<std::int64_t>(at);
        const auto first_tied = at;
        while (at < sorted_keys.size() && sorted_keys[at] == threshold.key) { ++at; }
        threshold.negatives += static_cast<std::int64_t>(at - first_tied);
    }
    ranking.negatives += static_cast<std::int64_t>(sorted_keys.size());
}

std::string missing_class(const Ranking& ranking) {
    if (ranking.positives == 0) { return concat("no anomalous ", ranking.item); }
    if (ranking.negatives == 0) { return concat("no normal ", ranking.item); }
    return {};
}

}  // namespace patchead::inline metrics_detail
