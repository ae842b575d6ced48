#include <algorithm>
#include <cstdint>
#include <utility>

#include "evidence.hpp"

namespace patchead {
namespace {

/// Largest F1 = 2 P R / (P + R) = 2 TP / (positives + selected) of any threshold.
///
/// The threshold is the score of a positive: between two of them selecting more only adds
/// negatives.
Quantity f1_max(const Ranking& ranking) {
    if (auto reason = missing_class(ranking); !reason.empty()) {
        return Quantity::undefined(std::move(reason));
    }
    double best = 0;
    std::int64_t true_positives = 0;
    for (const auto& tie : ranking.thresholds) {
        true_positives += tie.positives;
        const auto selected = true_positives + tie.negatives_above + tie.negatives;
        best = std::max(best, 2 * static_cast<double>(true_positives) /
                                  static_cast<double>(ranking.positives + selected));
    }
    return best;
}

}  // namespace

Quantity image_f1_max(const Evidence& evidence) { return f1_max(evidence.images); }

Quantity pixel_f1_max(const Evidence& evidence) { return f1_max(evidence.pixels.ranking); }

}  // namespace patchead
