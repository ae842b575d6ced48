#include "patchead/core/input_shape.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "patchead/core/error.hpp"

namespace patchead {
namespace {

int whole_patches(int side, int patch_px, PatchFit fit) {
    return fit == PatchFit::crop ? side / patch_px : (side + patch_px - 1) / patch_px;
}

/// Twice the distance of the centre of `patch` from that of a tile.
int off_centre(int patch, int start, int length) {
    return std::abs(2 * (patch - start) + 1 - length);
}

}  // namespace

MapSize resized_size(MapSize image, int side_px, Resize how) {
    if (how == Resize::squash) { return {side_px, side_px}; }
    PATCHEAD_ASSERT(image.height > 0 && image.width > 0 && side_px > 0);
    const bool by_height = (image.height < image.width) == (how == Resize::shorter);
    const auto named = std::int64_t{by_height ? image.height : image.width};
    // Whole numbers round down as torchvision's quotient of doubles: it is never within half an ulp
    // of a whole number that it is not.
    const auto scaled = [&](int side) {
        return std::max(1, static_cast<int>(std::int64_t{side_px} * side / named));
    };
    return {scaled(image.height), scaled(image.width)};
}

InputShape input_shape(MapSize image, int side_px, int patch_px, const FeatureOptions& options) {
    const auto resized = resized_size(image, side_px, options.resize);
    const auto patches = [&](int side) { return whole_patches(side, patch_px, options.patch_fit); };
    return {resized, {patches(resized.height), patches(resized.width)}, patch_px};
}

TileAxis tile_axis(int patches, int tile, int overlap) {
    PATCHEAD_ASSERT(patches > 0 && 0 <= overlap && overlap < tile);
    TileAxis axis{std::min(patches, tile), {}, {}};
    const int room = patches - axis.length;
    const int steps = (room + tile - overlap - 1) / (tile - overlap);
    for (int i = 0; i <= steps; ++i) { axis.starts.push_back(steps == 0 ? 0 : i * room / steps); }
    for (int patch = 0; patch < patches; ++patch) {
        const auto central = std::ranges::min_element(
            axis.starts, {}, [&](int start) { return off_centre(patch, start, axis.length); });
        axis.tile_of.push_back(static_cast<int>(central - axis.starts.begin()));
    }
    return axis;
}

TileGrid tiles_of(Grid grid, int patch_px, const Tiling& tiling) {
    if (tiling == Tiling{}) {
        return {tile_axis(grid.rows, grid.rows, 0), tile_axis(grid.cols, grid.cols, 0)};
    }
    const int tile = tiling.side_px / patch_px;
    const int overlap = tiling.overlap_px / patch_px;
    return {tile_axis(grid.rows, tile, overlap), tile_axis(grid.cols, tile, overlap)};
}

}  // namespace patchead
