#include <cstdint>
#include <utility>

#include "argument.hpp"
#include "evidence.hpp"

namespace patchead {
namespace {

/// Largest true positive rate of any threshold whose false positive rate is at most that of the
/// argument. No interpolation: the number is that of a threshold that exists.
///
/// Divisions, not products: a share of 5 in 100 is 0.05 to the bit.
/// Source: anomalib, metrics/pg_pb.py (PBn), which takes an interpolated quantile as the threshold.
Quantity tpr_at(const Ranking& ranking, double false_positive_rate) {
    if (auto reason = missing_class(ranking); !reason.empty()) {
        return Quantity::undefined(std::move(reason));
    }
    std::int64_t found = 0;
    for (const auto& tie : ranking.thresholds) {
        const auto selected = static_cast<double>(tie.negatives_above + tie.negatives);
        if (selected / static_cast<double>(ranking.negatives) > false_positive_rate) { break; }
        found += tie.positives;
    }
    return static_cast<double>(found) / static_cast<double>(ranking.positives);
}

/// Largest true negative rate of any threshold whose false negative rate is at most that of the
/// argument. The highest such threshold is the score of a positive.
/// Source: the same (PGn).
Quantity tnr_at(const Ranking& ranking, double false_negative_rate) {
    if (auto reason = missing_class(ranking); !reason.empty()) {
        return Quantity::undefined(std::move(reason));
    }
    std::int64_t missed = ranking.positives;
    for (const auto& tie : ranking.thresholds) {
        missed -= tie.positives;
        if (static_cast<double>(missed) / static_cast<double>(ranking.positives) >
            false_negative_rate) {
            continue;
        }
        const auto passed = ranking.negatives - tie.negatives_above - tie.negatives;
        return static_cast<double>(passed) / static_cast<double>(ranking.negatives);
    }
    return 0;  // Not reached: at the lowest positive none is missed.
}

}  // namespace

Quantity image_tpr_at(const Evidence& evidence, const Argument& rate) {
    return tpr_at(evidence.images, rate.first);
}

Quantity image_tnr_at(const Evidence& evidence, const Argument& rate) {
    return tnr_at(evidence.images, rate.first);
}

Quantity pixel_tpr_at(const Evidence& evidence, const Argument& rate) {
    return tpr_at(evidence.pixels.ranking, rate.first);
}

Quantity pixel_tnr_at(const Evidence& evidence, const Argument& rate) {
    return tnr_at(evidence.pixels.ranking, rate.first);
}

}  // namespace patchead
