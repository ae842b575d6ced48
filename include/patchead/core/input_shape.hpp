#pragma once

#include <vector>

#include "patchead/core/options.hpp"
#include "patchead/core/types.hpp"

/// \file
/// \brief From the size of an image to the patches that a network sees of it.

namespace patchead {

/// `image` with the side that `how` names at `side_px`. The other one is rounded down as
/// torchvision's Resize does: int(side * other / named), but at least 1. Requires positive sizes.
[[nodiscard]] MapSize resized_size(MapSize image, int side_px, Resize how);

/// How an image of size `image` becomes the input of a network with patches of `patch_px`. The grid
/// has no row or column if a side that is cropped is no patch wide. Requires positive sizes, except
/// that `image` does not matter if it is squashed.
[[nodiscard]] InputShape input_shape(MapSize image, int side_px, int patch_px,
                                     const FeatureOptions& options);

/// Tiles along one side of an image, all of one length. Unit: patches.
struct TileAxis {
    int length = 0;
    std::vector<int> starts;   ///< Of each tile: the first at 0, the last ends with the image.
    std::vector<int> tile_of;  ///< Of each patch: the tile in which it is most central (of two
                               ///< that are equal the first).
};

/// The fewest tiles of `tile` patches that cover `patches` with neighbours overlapping by at least
/// `overlap`, spread evenly; one of all patches if there are no more than `tile`.
/// Requires 0 <= overlap < tile and patches > 0.
[[nodiscard]] TileAxis tile_axis(int patches, int tile, int overlap);

/// Both sides of an image of these patches. Without tiling each has one tile, the whole side.
struct TileGrid {
    TileAxis rows;
    TileAxis cols;

    [[nodiscard]] Grid tile() const { return {rows.length, cols.length}; }
    [[nodiscard]] int count() const {
        return static_cast<int>(rows.starts.size() * cols.starts.size());
    }
};

/// Requires sides and overlaps of whole patches.
[[nodiscard]] TileGrid tiles_of(Grid grid, int patch_px, const Tiling& tiling);

}  // namespace patchead
