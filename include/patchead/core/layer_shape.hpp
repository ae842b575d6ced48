#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "patchead/core/images.hpp"

/// \file
/// \brief Layers of a network that differ in grid and channels, as those of a CNN do.

namespace patchead {

struct LayerShape {
    std::string name;   ///< For people: "layer2".
    int stride_px = 0;  ///< Side of the pixels that belong to a patch.
    int channels = 0;   ///< Of a patch.

    bool operator==(const LayerShape&) const = default;
};

/// For people: "layer1: 256 channels on 4 px, layer2: ...".
[[nodiscard]] std::string text_of(std::span<const LayerShape> shapes);

/// The patches of layer `layer` (counted from 1) where those of the embeddings, of `patch_px`,
/// fill the grid `patches`. Pixels that are left over on the right and below have a patch, too, as
/// padded convolutions give it. Without `shapes` all layers have the grid of the embeddings.
[[nodiscard]] inline Grid layer_grid(std::span<const LayerShape> shapes, int layer, Grid patches,
                                     int patch_px) {
    if (shapes.empty()) { return patches; }
    const int stride = shapes[static_cast<std::size_t>(layer - 1)].stride_px;
    const auto strides = [&](int count) { return (count * patch_px + stride - 1) / stride; };
    return {strides(patches.rows), strides(patches.cols)};
}

}  // namespace patchead
