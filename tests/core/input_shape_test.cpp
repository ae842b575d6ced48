#include "patchead/core/input_shape.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace patchead {
namespace {

FeatureOptions keeping(Resize resize, PatchFit fit = PatchFit::crop) {
    FeatureOptions options;
    options.resize = resize;
    options.patch_fit = fit;
    return options;
}

// torchvision.transforms.functional.resize: int(size * long / short).
TEST(ResizedSize, RoundsTheOtherSideDownAsTorchvisionDoes) {
    const MapSize upright{1258, 500};
    EXPECT_EQ(resized_size(upright, 448, Resize::shorter), (MapSize{1127, 448}));
    EXPECT_EQ(resized_size({500, 1258}, 448, Resize::shorter), (MapSize{448, 1127}));
    EXPECT_EQ(resized_size(upright, 448, Resize::longer), (MapSize{448, 178}));
    EXPECT_EQ(resized_size({500, 1258}, 448, Resize::longer), (MapSize{178, 448}));
    EXPECT_EQ(resized_size(upright, 448, Resize::squash), (MapSize{448, 448}));
    EXPECT_EQ(resized_size({7, 7}, 448, Resize::longer), (MapSize{448, 448}));
    EXPECT_EQ(resized_size({5000, 2}, 448, Resize::longer), (MapSize{448, 1}));
}

TEST(InputShape, CropsOrPadsToWholePatches) {
    const MapSize image{1258, 500};
    const auto cropped = input_shape(image, 448, 14, keeping(Resize::shorter));
    EXPECT_EQ(cropped, (InputShape{{1127, 448}, {80, 32}, 14}));
    EXPECT_EQ(cropped.input(), (MapSize{1120, 448}));
    EXPECT_EQ(input_shape(image, 448, 14, keeping(Resize::shorter, PatchFit::pad)).grid,
              (Grid{81, 32}));
    EXPECT_EQ(input_shape(image, 448, 14, keeping(Resize::longer)).grid, (Grid{32, 12}));
    EXPECT_EQ(input_shape(image, 448, 14, keeping(Resize::longer, PatchFit::pad)).grid,
              (Grid{32, 13}));
    EXPECT_EQ(input_shape({5000, 2}, 448, 14, keeping(Resize::longer)).grid, (Grid{32, 0}));
    EXPECT_EQ(input_shape({}, 448, 14, {}), (InputShape{{448, 448}, {32, 32}, 14}));
}

// SuperADD's tiles of 640 px in 1395 px: at 0, 368 and 752.
TEST(TileAxis, SpreadsTheFewestTilesEvenly) {
    const auto axis = tile_axis(1395 / 16, 640 / 16, 256 / 16);
    EXPECT_EQ(axis.length, 40);
    EXPECT_EQ(axis.starts, (std::vector<int>{0, 368 / 16, 752 / 16}));
    EXPECT_EQ(tile_axis(6, 3, 0).starts, (std::vector<int>{0, 3}));
    EXPECT_EQ(tile_axis(7, 3, 0).starts, (std::vector<int>{0, 2, 4}));
    EXPECT_EQ(tile_axis(4, 3, 2).starts, (std::vector<int>{0, 1}));
}

TEST(TileAxis, TakesEachPatchFromTheTileInWhichItIsMostCentral) {
    EXPECT_EQ(tile_axis(6, 4, 2).tile_of, (std::vector<int>{0, 0, 0, 1, 1, 1}));
    const auto odd = tile_axis(5, 3, 1);  // Patch 2 is as far from one centre as from the other.
    EXPECT_EQ(odd.starts, (std::vector<int>{0, 2}));
    EXPECT_EQ(odd.tile_of, (std::vector<int>{0, 0, 0, 1, 1}));
}

// Source: SuperADD, tracks/industrial/src/industrial/model.py, 42-123: of the patches that two
// neighbours share, the first one keeps half, rounded up.
TEST(TileAxis, DividesPatchesAsSuperAddDoes) {
    for (int patches = 10; patches < 60; ++patches) {
        const auto axis = tile_axis(patches, 10, 4);
        std::vector<int> expected(static_cast<std::size_t>(patches), 0);
        for (std::size_t tile = 1; tile < axis.starts.size(); ++tile) {
            const int shared = axis.starts[tile - 1] + 10 - axis.starts[tile];
            const auto first = axis.starts[tile] + (shared + 1) / 2;
            std::fill(expected.begin() + first, expected.end(), static_cast<int>(tile));
        }
        EXPECT_EQ(axis.tile_of, expected) << patches;
        const int tiles = patches == 10 ? 1 : (patches - 10 + 5) / 6 + 1;
        EXPECT_EQ(axis.starts.size(), static_cast<std::size_t>(tiles));
    }
}

TEST(TileAxis, CoversEveryPatchWithTheOverlapThatIsAskedFor) {
    for (int patches = 1; patches < 40; ++patches) {
        for (int tile = 1; tile < 9; ++tile) {
            for (int overlap = 0; overlap < tile; ++overlap) {
                const auto axis = tile_axis(patches, tile, overlap);
                const auto& starts = axis.starts;
                EXPECT_EQ(axis.length, std::min(patches, tile));
                EXPECT_EQ(starts.front(), 0);
                EXPECT_EQ(starts.back() + axis.length, patches);
                for (std::size_t i = 1; i < starts.size(); ++i) {
                    EXPECT_LE(starts[i] - starts[i - 1], tile - overlap);
                    EXPECT_GT(starts[i], starts[i - 1]);
                }
                for (int patch = 0; patch < patches; ++patch) {
                    const auto start = starts[static_cast<std::size_t>(
                        axis.tile_of[static_cast<std::size_t>(patch)])];
                    EXPECT_TRUE(start <= patch && patch < start + axis.length);
                }
            }
        }
    }
}

TEST(TilesOf, AreOneWholeImageWithoutTilingAndWhereItIsSmall) {
    const auto whole = tiles_of({3, 20}, 14, {});
    EXPECT_EQ(whole.count(), 1);
    EXPECT_EQ(whole.tile(), (Grid{3, 20}));
    const auto low = tiles_of({3, 20}, 14, {5 * 14, 14});
    EXPECT_EQ(low.tile(), (Grid{3, 5}));
    EXPECT_EQ(low.count(), 5);
}

}  // namespace
}  // namespace patchead
