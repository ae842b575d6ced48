#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include "patchead/core/option_names.hpp"
#include "patchead/metrics/metrics.hpp"

namespace patchead {
namespace {

MetricOptions at(int side_px, Interpolation interpolation, double sigma_px = 0) {
    MetricOptions options;
    options.side_px = side_px;
    options.interpolation = interpolation;
    options.smooth_sigma_px = sigma_px;
    return options;
}

/// To a square of the side that `options` name.
std::vector<float> upsampled(std::span<const float> patches, Grid grid,
                             const MetricOptions& options) {
    return upsample(patches, grid, {options.side_px, options.side_px}, options);
}

std::vector<float> first_row(const std::vector<float>& map, std::size_t side) {
    return {map.begin(), map.begin() + static_cast<std::ptrdiff_t>(side)};
}

TEST(Upsample, TreatsHeightAndWidthApart) {
    const std::vector<float> grid{0, 1, 2, 3};
    const auto map = upsample(grid, {2, 2}, {2, 4}, at(kNativeSide, Interpolation::bilinear));
    EXPECT_EQ(map, (std::vector<float>{0, .25F, .75F, 1, 2, 2.25F, 2.75F, 3}));
}

TEST(Upsample, SmoothsHeightAndWidthApart) {
    const std::vector<float> grid{0, 0, 1, 0, 0};
    const auto options = at(kNativeSide, Interpolation::bilinear, 1);
    const auto wide = upsample(grid, {1, 5}, {1, 5}, options);
    EXPECT_EQ(upsample(grid, {5, 1}, {5, 1}, options), wide);
    EXPECT_GT(wide[2], wide[1]);
    EXPECT_GT(wide[0], 0);
}

constexpr auto kInterpolations = std::to_array(
    {Interpolation::bilinear, Interpolation::bilinear_align_corners, Interpolation::nearest});

// Patches of 4 px in a frame of 3 x 4: those of an image are its upper left 2 x 3.
const std::vector<float> kFrame{1, 2, 3, 99, 4, 5, 6, 99, 99, 99, 99, 99};
const std::vector<float> kOwn{1, 2, 3, 4, 5, 6};

TEST(UpsampleShape, OfPatchesThatCoverTheImageIsUpsampleToTheBit) {
    for (const auto how : kInterpolations) {
        for (const MapSize size : {MapSize{8, 12}, MapSize{2, 3}, MapSize{37, 91}, MapSize{1, 1}}) {
            const auto options = at(kNativeSide, how);
            EXPECT_EQ(upsample(kFrame, {3, 4}, {{8, 12}, {2, 3}, 4}, size, options),
                      upsample(kOwn, {2, 3}, size, options));
        }
    }
}

/// The upper left `part` of a map of `whole`.
std::vector<float> part_of(const std::vector<float>& map, MapSize whole, MapSize part) {
    std::vector<float> result;
    for (int row = 0; row < part.height; ++row) {
        const auto begin = map.begin() + row * whole.width;
        result.insert(result.end(), begin, begin + part.width);
    }
    return result;
}

TEST(UpsampleShape, CutsOffWhatWasPadded) {
    for (const auto how : kInterpolations) {
        const auto options = at(kNativeSide, how);
        const auto padded = upsample(kOwn, {2, 3}, {8, 12}, options);
        const auto map = upsample(kFrame, {3, 4}, {{6, 9}, {2, 3}, 4}, {6, 9}, options);
        const auto expected = part_of(padded, {8, 12}, {6, 9});
        for (std::size_t i = 0; i < map.size(); ++i) {
            EXPECT_NEAR(map[i], expected[i], 1e-6F) << name_of(how) << ' ' << i;
        }
    }
}

TEST(UpsampleShape, GoesOnWithTheNearestPatchBeyondTheLast) {
    for (const auto how : kInterpolations) {
        const auto options = at(kNativeSide, how);
        const auto covered = upsample(kOwn, {2, 3}, {8, 12}, options);
        const MapSize size{11, 15};
        const auto map = upsample(kFrame, {3, 4}, {size, {2, 3}, 4}, size, options);
        for (int row = 0; row < size.height; ++row) {
            for (int col = 0; col < size.width; ++col) {
                EXPECT_NEAR(
                    map[static_cast<std::size_t>(row * size.width + col)],
                    covered[static_cast<std::size_t>(std::min(row, 7) * 12 + std::min(col, 11))],
                    1e-6F)
                    << name_of(how) << ' ' << row << ' ' << col;
            }
        }
    }
}

TEST(Upsample, PutsSamplesAtPixelCentres) {
    const std::vector<float> grid{0, 1, 2, 3};
    const auto map = upsampled(grid, {2, 2}, at(4, Interpolation::bilinear));
    EXPECT_EQ(first_row(map, 4), (std::vector<float>{0, .25F, .75F, 1}));
    EXPECT_EQ(map[4 * 1 + 0], 0.5F);   // Rows are 0, .25, .75, 1 of the way from 0 to 2.
    EXPECT_EQ(map[4 * 2 + 1], 1.75F);  // 1.5 + 0.25
    EXPECT_EQ(map[4 * 3 + 3], 3);
}

TEST(Upsample, PutsSamplesAtTheCornersIfAsked) {
    const std::vector<float> grid{0, 1, 2, 3};
    const auto map = upsampled(grid, {2, 2}, at(4, Interpolation::bilinear_align_corners));
    EXPECT_FLOAT_EQ(map[1], 1.0F / 3);
    EXPECT_FLOAT_EQ(map[2], 2.0F / 3);
    EXPECT_EQ(map[3], 1);
    EXPECT_FLOAT_EQ(map[4], 2.0F / 3);
}

TEST(Upsample, RepeatsPatchesIfAsked) {
    const std::vector<float> grid{1, 2, 3, 4};
    EXPECT_EQ(upsampled(grid, {2, 2}, at(3, Interpolation::nearest)),
              (std::vector<float>{1, 1, 2, 1, 1, 2, 3, 3, 4}));
}

TEST(Upsample, KeepsRowsAndColumnsOfAnOblongGridApart) {
    const std::vector<float> grid{1, 2, 3, 4, 5, 6};
    const auto map = upsampled(grid, {2, 3}, at(6, Interpolation::nearest));
    EXPECT_EQ(first_row(map, 6), (std::vector<float>{1, 1, 2, 2, 3, 3}));
    EXPECT_EQ(map[6 * 5], 4);
    EXPECT_EQ(map[6 * 2 + 5], 3);
}

TEST(Upsample, LeavesAGridOfItsOwnSizeAlone) {
    std::vector<float> grid(49);
    std::iota(grid.begin(), grid.end(), 0.1F);
    for (const auto way :
         {Interpolation::bilinear, Interpolation::bilinear_align_corners, Interpolation::nearest}) {
        EXPECT_EQ(upsampled(grid, {7, 7}, at(7, way)), grid);
    }
}

TEST(Upsample, MakesAConstantMapOfOnePatch) {
    const std::vector<float> grid{0.7F};
    for (const auto way :
         {Interpolation::bilinear, Interpolation::bilinear_align_corners, Interpolation::nearest}) {
        EXPECT_EQ(upsampled(grid, {1, 1}, at(3, way)), std::vector<float>(9, 0.7F));
    }
}

TEST(Upsample, SmoothsAnImpulseToTheGaussian) {
    std::vector<float> grid(81);
    grid[40] = 1;
    const auto map = upsampled(grid, {9, 9}, at(9, Interpolation::bilinear, 1));
    EXPECT_NEAR(map[40], 0.15915589, 5e-9);  // scipy.ndimage.gaussian_filter
    EXPECT_EQ(map[39], map[41]);
    EXPECT_EQ(map[31], map[49]);
    EXPECT_FLOAT_EQ(map[39], map[31]);  // Axes are rounded to float32 one after the other.
}

// Half-sample symmetric borders keep a constant constant and lose no weight.
TEST(Upsample, SmoothingKeepsTheSumOfAMap) {
    std::vector<float> grid(25);
    for (std::size_t i = 0; i < grid.size(); ++i) { grid[i] = static_cast<float>(i * i % 7); }
    const auto map = upsampled(grid, {5, 5}, at(5, Interpolation::bilinear, 4));
    EXPECT_NEAR(std::accumulate(map.begin(), map.end(), 0.0),
                std::accumulate(grid.begin(), grid.end(), 0.0), 1e-5);
}

// Radius 16 on 2 pixels: the border is reflected many times over.
TEST(Upsample, SmoothsMapsSmallerThanTheGaussian) {
    const std::vector<float> grid{0, 0, 1, 1};
    const auto map = upsampled(grid, {2, 2}, at(2, Interpolation::bilinear, 4));
    EXPECT_NEAR(map[0], 0.49999633, 5e-8);  // scipy.ndimage.gaussian_filter
    EXPECT_EQ(map[0], map[1]);
}

}  // namespace
}  // namespace patchead
