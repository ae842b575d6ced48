#include <utility>

#include "argument.hpp"
#include "evidence.hpp"
#include "rate_area.hpp"

namespace patchead {
namespace {

/// Area under the per-region-overlap curve for false positive rates up to the limit, divided by it.
///
/// PRO is the mean over all regions of the share of the region that is selected, so its area is a
/// sum over anomalous pixels, each with weight 1 / (regions * size of its region): no curve is
/// needed, and the order of the pixels does not matter.
/// Source: Bergmann et al., "The MVTec anomaly detection dataset", IJCV 2021.
Quantity aupro_up_to(const Evidence& evidence, double limit) {
    const auto& ranking = evidence.pixels.ranking;
    if (auto reason = missing_class(ranking); !reason.empty()) {
        return Quantity::undefined(std::move(reason));
    }
    const auto normal = static_cast<double>(ranking.negatives);
    double sum = 0;
    for (const auto& tie : ranking.thresholds) {
        const auto before = static_cast<double>(tie.negatives_above) / normal;
        const auto after = static_cast<double>(tie.negatives_above + tie.negatives) / normal;
        sum += tie.region_weight * area_of(before, after, limit);
    }
    return sum / (static_cast<double>(evidence.regions) * limit);
}

}  // namespace

Quantity aupro(const Evidence& evidence) { return aupro_up_to(evidence, evidence.pro_limit); }

Quantity aupro_at(const Evidence& evidence, const Argument& limit) {
    return aupro_up_to(evidence, limit.first);
}

}  // namespace patchead
