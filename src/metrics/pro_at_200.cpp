#include <utility>
#include <vector>

#include "evidence.hpp"
#include "patchead/core/error.hpp"

namespace patchead {
namespace {

struct CurvePoint {
    double rate;     ///< Share of the normal pixels above the threshold.
    double overlap;  ///< Mean over the regions of their share above it.
};

/// The curve at the linear thresholds, by ascending threshold.
std::vector<CurvePoint> curve(const Evidence& evidence) {
    const auto& ranking = evidence.pixels.ranking;
    const auto& linear = evidence.pixels.linear;
    std::vector<CurvePoint> points(linear.size());
    double weight = 0;  // Of the positives above the threshold, from the highest down.
    auto tie = ranking.thresholds.begin();
    for (auto i = linear.size(); i-- > 0;) {
        for (; tie != ranking.thresholds.end() && tie->key < linear[i].key; ++tie) {
            weight += tie->region_weight;
        }
        points[i] = {
            static_cast<double>(linear[i].negatives_above) / static_cast<double>(ranking.negatives),
            weight / static_cast<double>(evidence.regions)};
    }
    return points;
}

}  // namespace

/// PRO as MuSc, AnomalyCLIP and other peers compute it, for comparison with their tables.
///
/// 200 thresholds equidistant in the score; the points with a false positive rate below the limit;
/// their rates rescaled to [0, 1] by their own extremes; trapezoids. It is not a rank metric: a
/// monotone transform of the scores changes it.
/// Source: cflow-ad, train.py; copied by the peers.
Quantity pro_at_200(const Evidence& evidence) {
    if (auto reason = missing_class(evidence.pixels.ranking); !reason.empty()) {
        return Quantity::undefined(std::move(reason));
    }
    auto points = curve(evidence);
    std::erase_if(points, [&](const auto& point) { return !(point.rate < evidence.pro_limit); });
    // Rates fall as thresholds rise, so the extremes are at the ends.
    if (points.empty() || points.front().rate == points.back().rate) {
        return Quantity::undefined(
            concat("no two of the 200 thresholds differ in false positive "
                   "rate below ",
                   evidence.pro_limit));
    }
    double area = 0;
    for (std::size_t i = 1; i < points.size(); ++i) {
        area += 0.5 * (points[i - 1].overlap + points[i].overlap) *
                (points[i - 1].rate - points[i].rate);
    }
    return area / (points.front().rate - points.back().rate);
}

}  // namespace patchead
