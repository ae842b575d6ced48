#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "argument.hpp"
#include "evidence.hpp"
#include "float_key.hpp"
#include "patchead/core/error.hpp"

namespace patchead {
namespace {

/// 2 TP / (positives + selected).
double f1_of(std::int64_t true_positives, std::int64_t positives, std::int64_t selected) {
    return 2 * static_cast<double>(true_positives) / static_cast<double>(positives + selected);
}

/// That of the name, else that which came with the scores.
std::optional<double> threshold_of(const Argument& argument, std::optional<double> given) {
    return std::isnan(argument.first) ? given : argument.first;
}

Quantity no_threshold() {
    return Quantity::undefined("no threshold came with the scores and its name has none");
}

}  // namespace

/// F1 of all pixels at one threshold, which nobody chose on these images. Selected is what scores
/// above it: the highest score of normal images selects none of them.
/// Source: Heckler-Kram et al., "The MVTec AD 2 dataset", 2025 (SegF1, ClassF1).
Quantity segmentation_f1(const Evidence& evidence, const Argument& argument) {
    const auto& ranking = evidence.pixels.ranking;
    if (auto reason = missing_class(ranking); !reason.empty()) {
        return Quantity::undefined(std::move(reason));
    }
    const auto threshold = threshold_of(argument, evidence.pixel_threshold);
    if (!threshold) { return no_threshold(); }
    const auto key = key_of_threshold(*threshold);
    const auto cut = std::ranges::find(evidence.pixels.cuts, key, &LinearThreshold::key);
    PATCHEAD_ASSERT(cut != evidence.pixels.cuts.end());
    std::int64_t true_positives = 0;
    for (const auto& tie : ranking.thresholds) {
        if (tie.key >= key) { break; }
        true_positives += tie.positives;
    }
    return f1_of(true_positives, ranking.positives, true_positives + cut->negatives_above);
}

/// The same of images.
Quantity classification_f1(const Evidence& evidence, const Argument& argument) {
    if (auto reason = missing_class(evidence.images); !reason.empty()) {
        return Quantity::undefined(std::move(reason));
    }
    const auto threshold = threshold_of(argument, evidence.image_threshold);
    if (!threshold) { return no_threshold(); }
    std::int64_t selected = 0;
    std::int64_t true_positives = 0;
    for (std::size_t i = 0; i < evidence.scores.size(); ++i) {
        if (!(static_cast<double>(evidence.scores[i]) > *threshold)) { continue; }
        ++selected;
        true_positives += evidence.anomalous[i] != 0 ? 1 : 0;
    }
    return f1_of(true_positives, evidence.images.positives, selected);
}

}  // namespace patchead
