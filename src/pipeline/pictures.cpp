#include "pictures.hpp"

#include <algorithm>

#include "patchead/data/image_io.hpp"

namespace patchead {
namespace {

/// The value below which `fraction` of `values` lie. Requires values.
float quantile(std::vector<float> values, double fraction) {
    const auto rank = static_cast<std::size_t>(fraction * static_cast<double>(values.size() - 1));
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(rank);
    std::ranges::nth_element(values, at);
    return *at;
}

}  // namespace

std::vector<AnomalyPicture> draw_pictures(std::span<const Sample> samples, const EvaluateUnit& unit,
                                          const PatchScores& scores, AnomalyMaps& maps) {
    const auto low = quantile(scores.patches, 0.5);
    const auto high = quantile(scores.patches, 0.998);
    std::vector<AnomalyPicture> pictures;
    for (const auto place : unit.pictures) {
        const auto& sample = samples[unit.tests[place]];
        auto image = read_image(sample);
        auto truth = read_mask(sample, image.height, image.width);
        const auto map = maps.map(place);
        pictures.push_back({unit.tests[place],
                            scores.images[place],
                            std::move(image),
                            std::move(truth),
                            {map.begin(), map.end()},
                            low,
                            high});
    }
    return pictures;
}

}  // namespace patchead
