#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "patchead/core/error.hpp"
#include "patchead/core/random.hpp"
#include "patchead/metrics/metrics.hpp"

/// Small categories whose metrics can be checked by hand.

namespace patchead {

/// A category whose maps are its patch grids, so that tests give pixels directly.
struct Category {
    PatchScores scores;
    std::vector<std::uint8_t> anomalous;
    std::vector<Mask> masks;
    MetricOptions options;
};

/// Adds an image. Shapes: `map[side, side]`, `mask` alike; empty: all zero.
inline void add(Category& category, bool anomalous, float score, std::vector<float> map = {},
                std::vector<std::uint8_t> mask = {}) {
    if (map.empty()) { map = {0}; }
    const auto side = static_cast<int>(std::lround(std::sqrt(map.size())));
    if (mask.empty()) { mask.resize(map.size()); }
    category.options.side_px = side;
    category.scores.grid = {side, side};
    category.scores.ids.push_back(concat("image/", category.scores.ids.size()));
    category.scores.images.push_back(score);
    category.scores.patches.insert(category.scores.patches.end(), map.begin(), map.end());
    category.anomalous.push_back(anomalous ? 1 : 0);
    category.masks.push_back({side, side, std::move(mask)});
}

inline GroundTruth truth_of(const Category& category) {
    return find_regions([&](std::size_t image) { return category.masks[image]; },
                        category.anomalous, category.options.connectivity,
                        category.options.kept_side);
}

inline MetricSet measure(const Category& category) {
    const auto truth = truth_of(category);
    return measure(category.scores, category.anomalous, truth, category.options);
}

inline MetricValue metric(const Category& category, const std::string& name) {
    for (const auto& value : measure(category)) {
        if (value.name == name) { return value; }
    }
    throw Error("no metric " + name);
}

inline Category images(const std::vector<std::pair<bool, float>>& labelled) {
    Category category;
    for (const auto& [anomalous, score] : labelled) { add(category, anomalous, score); }
    return category;
}

/// The pixel example of the specification: the diagonal pair touches at a corner only.
inline Category four_by_four() {
    Category category;
    add(category, true, 1,
        {.9F, .2F, .1F, .1F, .2F, .8F, .3F, .1F, .1F, .3F, .2F, .1F, .1F, .1F, .7F, .2F},
        {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1});
    return category;
}

/// Quantised noise: many ties; about `share` of the pixels of every other image are anomalous.
inline Category noise(std::uint64_t seed, int levels, double share) {
    Category category;
    Random random("noise", seed);
    for (int i = 0; i < 6; ++i) {
        std::vector<float> map(64);
        std::vector<std::uint8_t> mask(64);
        for (std::size_t p = 0; p < 64; ++p) {
            mask[p] = i % 2 == 1 && random.uniform() < share ? 1 : 0;
            map[p] = static_cast<float>(random.below(static_cast<std::uint64_t>(levels))) -
                     static_cast<float>(levels / 2) + static_cast<float>(mask[p]);
        }
        add(category, i % 2 == 1, static_cast<float>(random.below(3)), map, mask);
    }
    return category;
}

}  // namespace patchead
