#include <cstdint>
#include <utility>

#include "evidence.hpp"

namespace patchead {
namespace {

/// Mean over the positives of the precision at their score, ties included; no interpolation.
/// Source: sklearn.metrics.average_precision_score. (Not the trapezoidal area under the
/// precision-recall curve, which is another number.)
Quantity average_precision(const Ranking& ranking) {
    if (auto reason = missing_class(ranking); !reason.empty()) {
        return Quantity::undefined(std::move(reason));
    }
    double sum = 0;
    std::int64_t true_positives = 0;
    for (const auto& tie : ranking.thresholds) {
        true_positives += tie.positives;
        const auto selected = true_positives + tie.negatives_above + tie.negatives;
        sum += static_cast<double>(tie.positives) * static_cast<double>(true_positives) /
               static_cast<double>(selected);
    }
    return sum / static_cast<double>(ranking.positives);
}

}  // namespace

Quantity image_average_precision(const Evidence& evidence) {
    return average_precision(evidence.images);
}

Quantity pixel_average_precision(const Evidence& evidence) {
    return average_precision(evidence.pixels.ranking);
}

}  // namespace patchead
