#include <utility>

#include "evidence.hpp"

namespace patchead {
namespace {

/// Integral, over false positive rates up to `limit`, of the curve of one positive: 0 before its
/// tie group is selected, 1 after, and straight between the rates `before` and `after`.
double area_of(double before, double after, double limit) {
    if (before >= limit) { return 0; }
    if (after <= limit) { return limit - 0.5 * (before + after); }
    return (limit - before) * (limit - before) / (2 * (after - before));
}

}  // namespace

/// Area under the per-region-overlap curve for false positive rates up to the limit, divided by it.
///
/// PRO is the mean over all regions of the share of the region that is selected, so its area is a
/// sum over anomalous pixels, each with weight 1 / (regions * size of its region): no curve is
/// needed, and the order of the pixels does not matter.
/// Source: Bergmann et al., "The MVTec anomaly detection dataset", IJCV 2021.
Quantity aupro(const Evidence& evidence) {
    const auto& ranking = evidence.pixels.ranking;
    if (auto reason = missing_class(ranking); !reason.empty()) {
        return Quantity::undefined(std::move(reason));
    }
    const auto normal = static_cast<double>(ranking.negatives);
    double sum = 0;
    for (const auto& tie : ranking.thresholds) {
        const auto before = static_cast<double>(tie.negatives_above) / normal;
        const auto after = static_cast<double>(tie.negatives_above + tie.negatives) / normal;
        sum += tie.region_weight * area_of(before, after, evidence.pro_limit);
    }
    return sum / (static_cast<double>(evidence.regions) * evidence.pro_limit);
}

}  // namespace patchead
