#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "argument.hpp"
#include "crop.hpp"
#include "evidence.hpp"
#include "float_key.hpp"
#include "radix_sort.hpp"
#include "rate_area.hpp"

namespace patchead {
namespace {

/// The pixels of each mask file by descending score. Each is an anomalous pixel of its image, so
/// that its score is a threshold.
std::vector<Positive> rank_marked(const CategoryMaps& category) {
    const auto& truth = *category.truth;
    std::vector<Positive> positives;
    std::vector<float> middle;
    for (std::size_t i = 0; i < truth.marked.images.size(); ++i) {
        const auto& pixels = truth.marked.images[i];
        if (pixels.index.empty()) { continue; }
        const auto map =
            window_of((*category.maps)(i), pixels, category.options->kept_side, middle);
        for (std::size_t p = 0; p < pixels.index.size(); ++p) {
            positives.push_back({descending_key(map[pixels.index[p]]), pixels.region[p]});
        }
    }
    std::vector<Positive> scratch;
    radix_sort(positives, scratch, [](const Positive& pixel) { return pixel.key; });
    return positives;
}

}  // namespace

/// AUPRO of overlaps that saturate: a region counts as wholly found when as many of its pixels are
/// selected as its saturation area has.
///
/// Each pixel of a region adds 1 / saturation area until that is reached; of a tie group all at
/// once, so their order does not matter.
/// Source: Bergmann et al., "Beyond dents and scratches", IJCV 2022 (MVTec LOCO AD).
Quantity saturated_pro(const Evidence& evidence, const Argument& limit) {
    const auto& ranking = evidence.pixels.ranking;
    if (auto reason = missing_class(ranking); !reason.empty()) {
        return Quantity::undefined(std::move(reason));
    }
    const auto& truth = *evidence.category.truth;
    const bool is_marked = !truth.marked.images.empty();
    const auto& saturation = is_marked ? truth.marked.saturation_px : truth.saturation_px;
    if (saturation.empty()) {
        return Quantity::undefined("no saturation areas are known of these regions");
    }
    std::vector<Positive> of_masks;
    if (is_marked) { of_masks = rank_marked(evidence.category); }
    const auto& positives = is_marked ? of_masks : evidence.pixels.positives;
    std::vector<std::uint32_t> found(saturation.size());
    const auto normal = static_cast<double>(ranking.negatives);
    double sum = 0;
    auto positive = positives.begin();
    for (const auto& tie : ranking.thresholds) {
        double weight = 0;
        for (; positive != positives.end() && positive->key == tie.key; ++positive) {
            auto& count = found[positive->region];
            if (count++ < saturation[positive->region]) {
                weight += 1.0 / saturation[positive->region];
            }
        }
        const auto before = static_cast<double>(tie.negatives_above) / normal;
        const auto after = static_cast<double>(tie.negatives_above + tie.negatives) / normal;
        sum += weight * area_of(before, after, limit.first);
    }
    return std::min(1.0, sum / (static_cast<double>(saturation.size()) * limit.first));
}

}  // namespace patchead
