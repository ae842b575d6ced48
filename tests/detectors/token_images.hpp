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

/// Images whose patches are all alike.
inline DetectorImages constant_images(std::size_t count, Grid grid, int dim, float value) {
    return one_layer(
        grid, dim, std::vector<float>(count * static_cast<std::size_t>(grid.size() * dim), value));
}

}  // namespace patchead
