#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include "argument.hpp"
#include "evidence.hpp"
#include "image_ranking.hpp"

namespace patchead {

Quantity image_auroc(const Evidence& evidence);  // auroc.cpp, a line of metrics.def.

/// AUROC of samples of which every test image is a view: a sample is as anomalous as its most
/// anomalous view, and anomalous if any view is.
/// Source: Wang et al., "Real-IAD", CVPR 2024 (S-AUROC).
Quantity sample_auroc(const Evidence& evidence, const Argument&) {
    if (evidence.samples.empty()) {
        return Quantity::undefined("nobody says which images are views of one sample");
    }
    std::map<std::int32_t, std::pair<float, std::uint8_t>> samples;
    for (std::size_t i = 0; i < evidence.samples.size(); ++i) {
        const auto lowest = std::pair(-std::numeric_limits<float>::infinity(), std::uint8_t{0});
        auto& [score, anomalous] = samples.emplace(evidence.samples[i], lowest).first->second;
        score = std::max(score, evidence.scores[i]);
        anomalous = std::max(anomalous, evidence.anomalous[i]);
    }
    std::vector<float> scores;
    std::vector<std::uint8_t> labels;
    for (const auto& [sample, seen] : samples) {
        scores.push_back(seen.first);
        labels.push_back(seen.second);
    }
    Evidence of_samples;
    of_samples.images = rank_images(scores, labels);
    of_samples.images.item = "sample";
    return image_auroc(of_samples);
}

}  // namespace patchead
