#include <cstdint>
#include <utility>

#include "evidence.hpp"

namespace patchead {
namespace {

/// Area under the ROC curve: the chance that a random positive scores above a random negative, a
/// tie counting one half (the Mann-Whitney statistic).
///
/// Counted in integers, so exact up to the last division.
/// Source: Fawcett, "An introduction to ROC analysis", 2006.
Quantity auroc(const Ranking& ranking) {
    if (auto reason = missing_class(ranking); !reason.empty()) {
        return Quantity::undefined(std::move(reason));
    }
    std::int64_t twice_won = 0;
    for (const auto& tie : ranking.thresholds) {
        const auto below = ranking.negatives - tie.negatives_above - tie.negatives;
        twice_won += tie.positives * (2 * below + tie.negatives);
    }
    return static_cast<double>(twice_won) /
           (2 * static_cast<double>(ranking.positives) * static_cast<double>(ranking.negatives));
}

}  // namespace

Quantity image_auroc(const Evidence& evidence) { return auroc(evidence.images); }

Quantity pixel_auroc(const Evidence& evidence) { return auroc(evidence.pixels.ranking); }

}  // namespace patchead
