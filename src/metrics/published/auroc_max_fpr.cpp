#include "published/emulated.hpp"
#include "rate_area.hpp"

namespace patchead {

/// Area under the ROC curve of pixels up to a false positive rate, rescaled so that chance is 0.5
/// and the best is 1.
/// Source: McClish, "Analyzing a portion of the ROC curve", 1989; scikit-learn's roc_auc_score with
/// max_fpr, which SuperADD calls.
Quantity auroc_max_fpr(const Evidence& evidence, const Argument& limit) {
    return emulated(evidence, [&] {
        const auto& ranking = evidence.pixels.ranking;
        const auto normal = static_cast<double>(ranking.negatives);
        double sum = 0;
        for (const auto& tie : ranking.thresholds) {
            const auto before = static_cast<double>(tie.negatives_above) / normal;
            const auto after = static_cast<double>(tie.negatives_above + tie.negatives) / normal;
            sum += static_cast<double>(tie.positives) * area_of(before, after, limit.first);
        }
        const double area = sum / static_cast<double>(ranking.positives);
        const double of_chance = limit.first * limit.first / 2;
        return 0.5 * (1 + (area - of_chance) / (limit.first - of_chance));
    });
}

}  // namespace patchead
