/// \file
/// \brief A detector as CONTRIBUTING.md shows one: this file, and a line of a table. The distance
/// of a patch to the mean of all reference patches.

#include <algorithm>
#include <cmath>

#include "patchead/detectors/detector.hpp"

namespace patchead::inline detectors_detail {
namespace {

class Toy final : public Detector {
  public:
    [[nodiscard]] DetectorNeeds needs(Setting) const override { return {}; }

    [[nodiscard]] DetectorModel fit(const DetectorImages& references,
                                    std::uint64_t) const override {
        const auto& layer = references.layers.front();
        std::vector<float> mean(static_cast<std::size_t>(layer.dim));
        for (std::size_t i = 0; i < layer.patches.size(); ++i) {
            mean[i % mean.size()] += layer.patches[i];
        }
        const auto rows = static_cast<float>(layer.patches.size() / mean.size());
        for (float& value : mean) { value /= rows; }
        return {{"mean", {{layer.dim}, std::move(mean)}}};
    }

    [[nodiscard]] PatchScores score(const DetectorModel& model,
                                    const DetectorImages& queries) const override {
        const auto& mean = model.at("mean").values;
        const auto& layer = queries.layers.front();
        PatchScores scores{layer.grid, queries.ids, {}, {}};
        for (auto at = layer.patches.begin(); at != layer.patches.end();
             at += std::ptrdiff_t{layer.dim}) {
            float sum = 0;
            for (std::size_t c = 0; c < mean.size(); ++c) {
                const float apart = at[static_cast<std::ptrdiff_t>(c)] - mean[c];
                sum += apart * apart;
            }
            scores.patches.push_back(std::sqrt(sum));
        }
        for (std::size_t image = 0; image < queries.images(); ++image) {
            scores.images.push_back(std::ranges::max(scores.of(image)));
        }
        return scores;
    }
};

}  // namespace

DetectorInfo toy_info() {
    return {.name = "toy",
            .title = "Toy",
            .source = "nobody",
            .port = "the distance to one mean; nothing that anybody published",
            .options = {},
            .make = [](const DetectorOptions&) -> std::unique_ptr<const Detector> {
                return std::make_unique<Toy>();
            }};
}

}  // namespace patchead::inline detectors_detail
