#include "patchead/alignment/warp.hpp"

#include <numeric>
#include <stdexcept>

#include <gtest/gtest.h>

#include "parts.hpp"
#include "patchead/core/option_names.hpp"

namespace patchead {
namespace {

/// Red counts pixels from 0, green is the column, blue the row.
Image numbered(int height, int width) {
    Image image{height, width, {}};
    for (int row = 0; row < height; ++row) {
        for (int col = 0; col < width; ++col) {
            image.rgb.push_back(static_cast<std::uint8_t>(row * width + col));
            image.rgb.push_back(static_cast<std::uint8_t>(col));
            image.rgb.push_back(static_cast<std::uint8_t>(row));
        }
    }
    return image;
}

int red(const Image& image, int row, int col) {
    return image.rgb[static_cast<std::size_t>(3 * (row * image.width + col))];
}

Transform shift(double x, double y) { return {{1, 0, x, 0, 1, y}}; }

Transform turned(double degrees) { return motion({degrees, 0, 0}); }

void expect_near(const Transform& a, const Transform& b) {
    for (std::size_t i = 0; i < 6; ++i) { EXPECT_NEAR(a.m[i], b.m[i], 1e-12) << i; }
}

/// `first`, then `second`.
Transform composed(const Transform& first, const Transform& second) {
    const auto& a = first.m;
    const auto& b = second.m;
    return {{b[0] * a[0] + b[1] * a[3], b[0] * a[1] + b[1] * a[4], b[0] * a[2] + b[1] * a[5] + b[2],
             b[3] * a[0] + b[4] * a[3], b[3] * a[1] + b[4] * a[4],
             b[3] * a[2] + b[4] * a[5] + b[5]}};
}

TEST(Warp, ByTheIdentityGivesTheSameBytes) {
    const auto image = numbered(9, 14);
    for (const auto& border : option_names(AlignBorder{})) {
        const auto same = warp(image, {}, border.value);
        EXPECT_EQ(same.height, 9);
        EXPECT_EQ(same.width, 14);
        EXPECT_EQ(same.rgb, image.rgb);
    }
}

TEST(Warp, ByWholePixelsMovesThemAndFillsTheRestAsTheBorderSays) {
    const auto image = numbered(4, 8);
    const auto moved = [&](AlignBorder border) { return warp(image, shift(2.0 / 8, 0), border); };
    for (const auto& border : option_names(AlignBorder{})) {
        const auto result = moved(border.value);
        for (int row = 0; row < 4; ++row) {
            for (int col = 2; col < 8; ++col) {
                EXPECT_EQ(red(result, row, col), red(image, row, col - 2)) << border.name;
            }
        }
    }
    // What lies one and two pixels to the left of column 0.
    EXPECT_EQ(red(moved(AlignBorder::constant), 1, 1), 0);
    EXPECT_EQ(red(moved(AlignBorder::constant), 1, 0), 0);
    EXPECT_EQ(red(moved(AlignBorder::replicate), 1, 1), red(image, 1, 0));
    EXPECT_EQ(red(moved(AlignBorder::replicate), 1, 0), red(image, 1, 0));
    EXPECT_EQ(red(moved(AlignBorder::reflect), 1, 1), red(image, 1, 1));
    EXPECT_EQ(red(moved(AlignBorder::reflect), 1, 0), red(image, 1, 2));
    EXPECT_EQ(moved(AlignBorder::drop).rgb, moved(AlignBorder::reflect).rgb);
}

TEST(Warp, DownwardsCountsInSidesOfTheHeight) {
    const auto image = numbered(4, 8);
    const auto result = warp(image, shift(0, 0.5), AlignBorder::constant);
    EXPECT_EQ(red(result, 1, 3), 0);
    EXPECT_EQ(red(result, 2, 3), red(image, 0, 3));
    EXPECT_EQ(red(result, 3, 7), red(image, 1, 7));
}

TEST(Warp, ByAQuarterTurnPutsEachPixelWhereTheRowsWere) {
    const auto image = numbered(9, 9);
    const auto result = warp(image, turned(90), AlignBorder::constant);
    for (int row = 0; row < 9; ++row) {
        for (int col = 0; col < 9; ++col) {
            // x towards y: the upper left corner goes to the upper right.
            EXPECT_EQ(red(result, col, 8 - row), red(image, row, col));
        }
    }
}

TEST(Warp, ByHalfAPixelIsTheMeanOfNeighbours) {
    const auto image = numbered(1, 8);
    const auto result = warp(image, shift(0.5 / 8, 0), AlignBorder::replicate);
    Image doubled = image;
    for (auto& byte : doubled.rgb) { byte = static_cast<std::uint8_t>(2 * byte); }
    const auto of_doubled = warp(doubled, shift(0.5 / 8, 0), AlignBorder::replicate);
    for (int col = 1; col < 8; ++col) { EXPECT_EQ(red(of_doubled, 0, col), 2 * col - 1); }
    EXPECT_EQ(result.width, 8);
}

TEST(Warp, IsTheSameOnAnyNumberOfThreads) {
    const auto image = photograph(draw_nut(), {}, 1);
    const int threads = cv::getNumThreads();
    cv::setNumThreads(1);
    const auto one = warp(image, motion({33, 10, 20}), AlignBorder::reflect);
    cv::setNumThreads(2);
    const auto two = warp(image, motion({33, 10, 20}), AlignBorder::reflect);
    cv::setNumThreads(threads);
    EXPECT_EQ(one.rgb, two.rgb);
}

TEST(Rotate180, ReversesThePixelsButNotTheirChannels) {
    const Image image{1, 3, {1, 2, 3, 4, 5, 6, 7, 8, 9}};
    EXPECT_EQ(rotate_180(image).rgb, (std::vector<std::uint8_t>{7, 8, 9, 4, 5, 6, 1, 2, 3}));
    const auto tall = rotate_180(numbered(5, 3));
    EXPECT_EQ(tall.height, 5);
    EXPECT_EQ(tall.width, 3);
    EXPECT_EQ(red(tall, 0, 0), 14);
}

TEST(Rotate180, TwiceIsTheIdentity) {
    const auto image = numbered(7, 11);
    EXPECT_EQ(rotate_180(rotate_180(image)).rgb, image.rgb);
}

TEST(ThenRotated180, IsThePixelFlipOfTheWarpedImage) {
    const auto image = numbered(8, 16);
    for (const auto& transform : {Transform{}, shift(0.25, -0.125), turned(180)}) {
        EXPECT_EQ(rotate_180(warp(image, transform, AlignBorder::constant)).rgb,
                  warp(image, then_rotated_180(transform), AlignBorder::constant).rgb);
    }
    EXPECT_EQ(then_rotated_180(then_rotated_180(shift(0.25, 0.5))), shift(0.25, 0.5));
}

// Pixels lie anywhere here, and OpenCV rounds places to 1/32 px: neighbours of this image differ by
// less than 32 levels, so by less than 2 levels (one in either direction) in that distance.
TEST(ThenRotated180, AgreesWithTheFlipAtAnyAngle) {
    const auto image = expose(grain(64, 4, 1) * 20 + 128, 0, 0);
    const auto transform = motion({27, 31, -40});
    const auto flipped = rotate_180(warp(image, transform, AlignBorder::reflect));
    const auto at_once = warp(image, then_rotated_180(transform), AlignBorder::reflect);
    for (std::size_t i = 0; i < image.rgb.size(); ++i) {
        ASSERT_NEAR(flipped.rgb[i], at_once.rgb[i], 2) << i;
    }
}

TEST(Inverse, UndoesATransform) {
    expect_near(inverse(shift(0.25, -0.5)), shift(-0.25, 0.5));
    expect_near(inverse(turned(30)), turned(-30));
    const Transform any{{0.9, -0.4, 0.1, 0.3, 1.1, -0.2}};
    expect_near(composed(any, inverse(any)), {});
    expect_near(composed(inverse(any), any), {});
}

TEST(Inverse, OfASingularTransformIsAnError) {
    EXPECT_THROW(static_cast<void>(inverse({{1, 2, 0, 2, 4, 0}})), std::logic_error);
    EXPECT_THROW(static_cast<void>(inverse({{NAN, 0, 0, 0, 1, 0}})), std::logic_error);
}

using Flags = std::vector<std::uint8_t>;

TEST(ValidPatches, AreAllOfAnUnmovedImage) {
    EXPECT_EQ(valid_patches({}, {2, 3}), Flags(6, 1));
    EXPECT_EQ(valid_patches(turned(180), {3, 3}), Flags(9, 1));
}

TEST(ValidPatches, AreThoseOfWhichHalfIsCovered) {
    const Flags all_but_first_column{0, 1, 1, 1, 0, 1, 1, 1};
    EXPECT_EQ(valid_patches(shift(0.5 / 4, 0), {2, 4}), Flags(8, 1)) << "exactly half";
    EXPECT_EQ(valid_patches(shift(0.51 / 4, 0), {2, 4}), all_but_first_column);
    EXPECT_EQ(valid_patches(shift(0, -0.75), {2, 1}), (Flags{1, 0}));
    EXPECT_EQ(valid_patches(shift(0, -0.8), {2, 1}), (Flags{0, 0}));
    EXPECT_EQ(valid_patches(shift(2, 0), {1, 1}), Flags{0});
}

TEST(ValidPatches, AgreeWithCountingPoints) {
    const Grid grid{7, 9};
    for (int trial = 0; trial < 20; ++trial) {
        Random random("valid patches", static_cast<std::uint64_t>(trial));
        const auto transform =
            motion({random.uniform(0, 360), random.uniform(-200, 200), random.uniform(-200, 200)});
        const auto back = inverse(transform).m;
        const auto valid = valid_patches(transform, grid);
        for (int patch = 0; patch < grid.size(); ++patch) {
            int inside = 0;
            for (int point = 0; point < 400; ++point) {
                const double x = (patch % grid.cols + (point % 20 + 0.5) / 20) / grid.cols;
                const double y = (patch / grid.cols + (point / 20 + 0.5) / 20) / grid.rows;
                const double from_x = back[0] * x + back[1] * y + back[2];
                const double from_y = back[3] * x + back[4] * y + back[5];
                inside += from_x >= 0 && from_x <= 1 && from_y >= 0 && from_y <= 1 ? 1 : 0;
            }
            // An edge through 20 x 20 points leaves at most some 20 of them in doubt.
            if (std::abs(inside - 200) <= 20) { continue; }
            ASSERT_EQ(valid[static_cast<std::size_t>(patch)], inside > 200 ? 1 : 0)
                << trial << ' ' << patch;
        }
    }
}

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
