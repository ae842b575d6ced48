#pragma once

#include <string>
#include <vector>

#include "patchead/core/random.hpp"
#include "patchead/detectors/detector.hpp"

/// \file
/// \brief Images as detectors see them, for tests.

namespace patchead {

struct MadeLayer {
    Grid grid;
    int dim;
};

/// Normal noise; image vectors have 6 channels.
inline DetectorImages noise_images(std::size_t images, const std::vector<MadeLayer>& layers,
                                   std::uint64_t seed) {
    Random random("noise images", seed);
    const auto noise = [&random](std::size_t count) {
        std::vector<float> values(count);
        for (float& value : values) { value = static_cast<float>(random.normal()); }
        return values;
    };
    DetectorImages made;
    for (std::size_t i = 0; i < images; ++i) { made.ids.push_back("image" + std::to_string(i)); }
    for (const auto& [grid, dim] : layers) {
        made.layers.push_back(
            {0, grid, dim, noise(images * static_cast<std::size_t>(grid.size() * dim))});
    }
    made.image_tokens = noise(images * 6);
    made.input = {14 * layers.front().grid.rows, 14 * layers.front().grid.cols};
    return made;
}

/// Gives every patch of an image the same token.
inline void make_constant(DetectorImages& images, std::size_t image, float value) {
    for (auto& layer : images.layers) {
        const auto size = static_cast<std::ptrdiff_t>(layer.grid.size() * layer.dim);
        const auto begin = layer.patches.begin() + static_cast<std::ptrdiff_t>(image) * size;
        std::fill(begin, begin + size, value);
    }
}

/// Makes `to` the same image as `from`.
inline void copy_image(DetectorImages& images, std::size_t from, std::size_t to) {
    for (auto& layer : images.layers) {
        const auto size = static_cast<std::ptrdiff_t>(layer.grid.size() * layer.dim);
        const auto begin = layer.patches.begin();
        std::copy_n(begin + static_cast<std::ptrdiff_t>(from) * size, size,
                    begin + static_cast<std::ptrdiff_t>(to) * size);
    }
    const auto width = static_cast<std::ptrdiff_t>(images.image_tokens.size() / images.images());
    const auto begin = images.image_tokens.begin();
    std::copy_n(begin + static_cast<std::ptrdiff_t>(from) * width, width,
                begin + static_cast<std::ptrdiff_t>(to) * width);
}

}  // namespace patchead
