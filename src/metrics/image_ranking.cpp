#include "image_ranking.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "float_key.hpp"

namespace patchead::inline metrics_detail {

Ranking rank_images(std::span<const float> scores, std::span<const std::uint8_t> anomalous) {
    constexpr std::array<std::uint32_t, 1> kNoRegions{1};
    std::vector<Positive> positives;
    std::vector<std::uint32_t> negatives;
    for (std::size_t i = 0; i < anomalous.size(); ++i) {
        const auto key = descending_key(scores[i]);
        if (anomalous[i] != 0) {
            positives.push_back({key, 0});
        } else {
            negatives.push_back(key);
        }
    }
    std::ranges::sort(negatives);
    auto ranking = rank_positives("image", positives, kNoRegions);
    count_negatives(ranking, negatives);
    return ranking;
}

}  // namespace patchead::inline metrics_detail
