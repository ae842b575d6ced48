#include "type_part.hpp"

#include <set>

namespace patchead::inline metrics_detail {

TypePart part_of_type(const std::string& type, const PatchScores& scores,
                      std::span<const std::uint8_t> anomalous, const GroundTruth& truth,
                      const MetricRequest& request) {
    TypePart part;
    part.request.image_threshold = request.image_threshold;
    part.request.pixel_threshold = request.pixel_threshold;
    for (std::size_t i = 0; i < anomalous.size(); ++i) {
        if (anomalous[i] != 0 && request.types[i] != type) { continue; }
        part.images.push_back(i);
        part.scores.ids.push_back(scores.ids[i]);
        part.scores.images.push_back(scores.images[i]);
        part.anomalous.push_back(anomalous[i]);
        if (!request.samples.empty()) { part.request.samples.push_back(request.samples[i]); }
    }
    part.truth = truth_of(truth, part.images);
    return part;
}

std::vector<std::string> types_of(std::span<const std::uint8_t> anomalous,
                                  const MetricRequest& request) {
    std::set<std::string> types;
    for (std::size_t i = 0; i < request.types.size(); ++i) {
        if (anomalous[i] != 0) { types.insert(request.types[i]); }
    }
    return {types.begin(), types.end()};
}

}  // namespace patchead::inline metrics_detail
