#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "patchead/backbone/backbone.hpp"
#include "patchead/core/options.hpp"
#include "patchead/core/types.hpp"

/// \file
/// \brief Images through a network, as a whole or in tiles, and into the grid that all images of
/// their category share. Private to the pipeline layer.

namespace patchead::inline pipeline_detail {

/// How images go through a network.
struct ForwardOptions {
    Grid frame;               ///< Of the features: holds the patches of each image.
    std::size_t at_once = 1;  ///< Images, or tiles, at most.
    Tiling tiling{};
    TokenRequest tokens{};  ///< What is wanted beside embeddings and attention.
};

/// Inputs of one size. Shape: `values[count, 3, height, width]`.
struct InputBatch {
    int height = 0;
    int width = 0;
    std::size_t count = 0;
    std::vector<float> values;
};

/// What goes through the network in one pass, at most, of images whose patches fill `grid`.
[[nodiscard]] MapSize pass_size(Grid grid, int patch_px, const Tiling& tiling);

/// How many passes an image of this size needs.
[[nodiscard]] std::size_t passes_of(const Backbone& backbone, int height, int width,
                                    const Tiling& tiling);

/// Features of `inputs`, without ids, in a grid of their own. In tiles, each patch has the
/// embedding from the tile in which it is most central, in every layer, and there are no attention
/// and no class tokens: those of a tile say nothing of other tiles.
/// Throws ConfigError if a token of the image is wanted and the network, or a tile, has none, and
/// for a layer in tiles whose grid is not that of the embeddings.
[[nodiscard]] FeatureBlock forward(const Backbone& backbone, InputBatch inputs,
                                   const ForwardOptions& how);

/// `values[images, of, channels]` in the upper left corner of a grid that is no smaller; the rest
/// repeats the first patch. Shape: `[images, to, channels]`.
[[nodiscard]] std::vector<float> spread(std::span<const float> values, std::size_t images, Grid of,
                                        Grid to);

/// The same features, of `network`, in a grid that is no smaller: patches beyond the images' own
/// repeat the first. A layer with a grid of its own gets the one that it has in an image that fills
/// the frame.
[[nodiscard]] FeatureBlock in_frame(FeatureBlock features, Grid frame, const BackboneInfo& network);

}  // namespace patchead::inline pipeline_detail
