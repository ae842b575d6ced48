#include "patchead/alignment/warp.hpp"

#include <cmath>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include "parts.hpp"
#include "patchead/core/option_names.hpp"
#include "patchead/core/turns.hpp"

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

TEST(FixedVersion, FlipsPixels) {
    const auto image = numbered(3, 5);
    const auto across = fixed_version(image, Version::flipped_across);
    const auto down = fixed_version(image, Version::flipped_down);
    for (int row = 0; row < 3; ++row) {
        for (int col = 0; col < 5; ++col) {
            EXPECT_EQ(red(across, row, col), red(image, row, 4 - col));
            EXPECT_EQ(red(down, row, col), red(image, 2 - row, col));
        }
    }
}

// About (width / 2, height / 2) in pixels, so pixel (0, 0) comes from beyond the image.
TEST(FixedVersion, TurnsAnticlockwiseAboutOpenCvsCentre) {
    const auto image = numbered(8, 8);
    const auto quarter = fixed_version(image, Version::turned_90);
    const auto half = fixed_version(image, Version::turned_180);
    for (int row = 1; row < 8; ++row) {
        for (int col = 1; col < 8; ++col) {
            EXPECT_EQ(red(half, row, col), red(image, 8 - row, 8 - col));
            EXPECT_EQ(red(quarter, row, col), red(image, col, 8 - row));
        }
    }
    EXPECT_EQ(red(half, 0, 0), red(image, 6, 6)) << "reflected";
    const auto finer = even_turns(30).front();
    EXPECT_EQ(fixed_version(image, finer).rgb, turned(image, 12).rgb);
    EXPECT_THROW((void)fixed_version(image, Version::rotated), std::logic_error);
}

}  // namespace
}  // namespace patchead
