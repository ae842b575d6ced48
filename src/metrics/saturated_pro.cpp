#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "argument.hpp"
#include "evidence.hpp"
#include "rate_area.hpp"

namespace patchead {

/// AUPRO of overlaps that saturate: a region counts as wholly found when as many of its pixels are
/// selected as its saturation area has.
///
/// Each pixel of a region adds 1 / saturation area until that is reached; of a tie group all at
/// once, so their order does not matter.
/// Source: Bergmann et al., "Beyond dents and scratches", IJCV 2022 (MVTec LOCO AD).
Quantity saturated_pro(const Evidence& evidence, const Argument& limit) {
    const auto& ranking = evidence.pixels.ranking;
    const auto& positives = evidence.pixels.positives;
    if (auto reason = missing_class(ranking); !reason.empty()) {
        return Quantity::undefined(std::move(reason));
    }
    const auto& saturation = evidence.category.truth->saturation_px;
    if (saturation.empty()) {
        return Quantity::undefined("no saturation areas are known of these regions");
    }
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
    return std::min(1.0, sum / (static_cast<double>(evidence.regions) * limit.first));
}

}  // namespace patchead
