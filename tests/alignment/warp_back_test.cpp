// Maps of a warped image, brought back to where the image lay.

#include <algorithm>
#include <numeric>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "parts.hpp"
#include "patchead/alignment/warp.hpp"

namespace patchead {
namespace {

/// A map and what `add_warped_back` makes of it, from zero.
struct Back {
    explicit Back(std::span<const float> map, const Transform& transform, int side_px)
        : sum(map.size()), count(map.size()) {
        add_warped_back(map, transform, {side_px, side_px}, sum, count);
    }
    std::vector<float> sum;
    std::vector<float> count;
};

/// 3 x + 5 y of the pixel centres, in sides.
std::vector<float> ramp(int side_px) {
    std::vector<float> map;
    for (int i = 0; i < side_px * side_px; ++i) {
        map.push_back(
            static_cast<float>((3 * (i % side_px + 0.5) + 5 * (i / side_px + 0.5)) / side_px));
    }
    return map;
}

TEST(AddWarpedBack, OfAnUnmovedImageAddsTheMap) {
    const auto map = ramp(6);
    const Back back(map, {}, 6);
    EXPECT_EQ(back.sum, map);
    EXPECT_EQ(back.count, std::vector<float>(36, 1));
}

// A shift by half of a side is two pixels of a wide map and one of its rows.
TEST(AddWarpedBack, TakesMapsThatAreNoSquares) {
    const std::vector<float> map{1, 2, 3, 4, 5, 6, 7, 8};
    std::vector<float> sum(8);
    std::vector<float> count(8);
    add_warped_back(map, {{1, 0, 0.5, 0, 1, 0.5}}, {2, 4}, sum, count);
    EXPECT_EQ(sum, (std::vector<float>{7, 8, 0, 0, 0, 0, 0, 0}));
    EXPECT_EQ(count, (std::vector<float>{1, 1, 0, 0, 0, 0, 0, 0}));
}

TEST(AddWarpedBack, AddsToWhatIsThere) {
    const std::vector<float> map{1, 2, 3, 4};
    std::vector<float> sum{10, 20, 30, 40};
    std::vector<float> count{1, 1, 1, 1};
    add_warped_back(map, {}, {2, 2}, sum, count);
    add_warped_back(map, then_rotated_180({}), {2, 2}, sum, count);
    EXPECT_EQ(sum, (std::vector<float>{15, 25, 35, 45}));
    EXPECT_EQ(count, (std::vector<float>{3, 3, 3, 3}));
}

TEST(AddWarpedBack, LeavesOutWhatTheWarpedFrameDoesNotShow) {
    std::vector<float> map(16);
    std::iota(map.begin(), map.end(), 0.0F);
    // The image was moved right by one pixel of four, so its last column is not in the frame.
    const Back back(map, shift(0.25, 0), 4);
    for (std::size_t row = 0; row < 4; ++row) {
        for (std::size_t col = 0; col < 3; ++col) {
            EXPECT_EQ(back.sum[4 * row + col], map[4 * row + col + 1]);
            EXPECT_EQ(back.count[4 * row + col], 1);
        }
        EXPECT_EQ(back.sum[4 * row + 3], 0);
        EXPECT_EQ(back.count[4 * row + 3], 0);
    }
}

// Bilinear interpolation is exact on a plane, so the value is that of the place where a point went.
TEST(AddWarpedBack, ReadsAPlaneWhereEachPointWent) {
    constexpr int side = 16;
    const auto transform = motion({40, 30, -20});
    const Back back(ramp(side), transform, side);
    int inside = 0;
    for (int i = 0; i < side * side; ++i) {
        const double x = (i % side + 0.5) / side;
        const double y = (i / side + 0.5) / side;
        const auto& m = transform.m;
        const double to_x = m[0] * x + m[1] * y + m[2];
        const double to_y = m[3] * x + m[4] * y + m[5];
        const double edge = std::min({to_x, 1 - to_x, to_y, 1 - to_y});
        const auto pixel = static_cast<std::size_t>(i);
        EXPECT_EQ(back.count[pixel], edge >= 0 ? 1 : 0);
        if (edge < 0.5 / side) { continue; }  // Beyond the outermost centres the plane ends.
        EXPECT_NEAR(back.sum[pixel], 3 * to_x + 5 * to_y, 1e-5);
        ++inside;
    }
    EXPECT_GT(inside, side * side / 2);
}

TEST(AddWarpedBack, UndoesTheWarpOfAnImage) {
    const auto image = expose(grain(kSide, 8, 1) * 30 + 128, 0, 0);
    const auto transform = motion({25, 40, 10});
    const auto warped = warp(image, transform, AlignBorder::reflect);
    std::vector<float> map;
    for (std::size_t i = 0; i < warped.rgb.size(); i += 3) { map.push_back(warped.rgb[i]); }
    const Back back(map, transform, kSide);
    double error = 0;
    double covered = 0;
    for (std::size_t i = 0; i < map.size(); ++i) {
        if (back.count[i] == 0) { continue; }
        error += std::abs(double(back.sum[i]) - image.rgb[3 * i]);
        ++covered;
    }
    EXPECT_GT(covered, 0.7 * static_cast<double>(map.size()));
    // Two interpolations and a rounding to bytes; half a pixel off would be several times as much.
    EXPECT_LE(error / covered, 0.35);
}

}  // namespace
}  // namespace patchead
