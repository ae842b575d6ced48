#pragma once

#include <string>
#include <utility>
#include <vector>

#include "patchead/core/random.hpp"
#include "patchead/detectors/detector.hpp"

/// \file
/// \brief Small images for tests of detectors.

namespace patchead {

/// Images of one layer from their tokens, image by image, patch by patch.
inline DetectorImages one_layer(Grid grid, int dim, std::vector<float> tokens) {
    DetectorImages images;
    const auto count = tokens.size() / static_cast<std::size_t>(grid.size() * dim);
    for (std::size_t i = 0; i < count; ++i) { images.ids.push_back("image" + std::to_string(i)); }
    images.layers.push_back({0, grid, dim, std::move(tokens)});
    images.input = {8 * grid.rows, 8 * grid.cols};
    return images;
}

/// Noise, the same for the same seed.
inline DetectorImages noise_images(std::size_t count, Grid grid, int dim, std::uint64_t seed) {
    Random random("noise images", seed);
    std::vector<float> tokens(count * static_cast<std::size_t>(grid.size() * dim));
    for (auto& value : tokens) { value = static_cast<float>(random.normal()); }
    return one_layer(grid, dim, std::move(tokens));
}

/// Gives them windows of these sides and texts, of `dim` channels, all alike.
inline void add_windows_and_texts(DetectorImages& images, const std::vector<int>& sides, int dim) {
    const auto channels = static_cast<std::size_t>(dim);
    for (const int side : sides) {
        const auto grid = window_grid(images.layers.back().grid, side);
        const auto count = images.images() * static_cast<std::size_t>(grid.size());
        images.windows.push_back({side, grid, dim, std::vector<float>(count * channels, 1)});
    }
    images.texts.normal = {{1, dim}, std::vector<float>(channels, 1)};
    images.texts.anomalous = {{1, dim}, std::vector<float>(channels, -1)};
}

/// Images whose patches are all alike.
inline DetectorImages constant_images(std::size_t count, Grid grid, int dim, float value) {
    return one_layer(
        grid, dim, std::vector<float>(count * static_cast<std::size_t>(grid.size() * dim), value));
}

}  // namespace patchead
