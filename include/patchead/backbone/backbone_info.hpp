#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "patchead/core/layer_shape.hpp"

/// \file
/// \brief What a network is, once its weights are loaded.

namespace patchead {

/// Facts about loaded weights.
struct BackboneInfo {
    std::string family;  ///< "mae", "dinov2", ...
    std::string layout;  ///< Key layout found in the file: "official", "timm", "transformers", or
                         ///< "module" for one that brings its own code.
    int patch_px = 0;
    int width = 0;  ///< Channels inside the network.
    int dim = 0;    ///< Channels of a patch embedding; another number only where projected.
    int depth = 0;
    int heads = 0;
    std::int64_t parameters = 0;
    int layers = 0;           ///< After how many blocks tokens can be had, at most; 0: after none.
    int attention_heads = 0;  ///< Of the attention that comes with patch embeddings; 0: none does.
    [[nodiscard]] bool has_attention() const { return attention_heads > 0; }
    /// Named options, also those not given, and digests of what describes the network beside its
    /// weights: with them, all that determines features.
    std::map<std::string, std::string> options;
    /// Of each layer that tokens can be had of; empty: all have the grid of the patch embeddings
    /// and `width` channels.
    std::vector<LayerShape> layer_shapes{};
    /// Whether it gives embeddings of windows: a network with a class token, whose patches know
    /// their places from what is added to them alone.
    bool windows = false;
    /// The patches of layer `layer` where those of embeddings fill `patches`.
    [[nodiscard]] Grid grid_of(int layer, Grid patches) const {
        return layer_grid(layer_shapes, layer, patches, patch_px);
    }
};

}  // namespace patchead
