#include "alignment/judge.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "alignment/frame.hpp"
#include "alignment/refine.hpp"
#include "parts.hpp"

namespace patchead {
namespace {

/// A row of gray pixels repeated to a square, all of it ground.
SmallCopy rows_of(std::vector<float> row) {
    SmallCopy copy;
    copy.side_px = static_cast<int>(row.size());
    for (std::size_t i = 0; i < row.size(); ++i) {
        for (const float value : row) {
            copy.pixels.insert(copy.pixels.end(), {value, value, value, 0});
        }
    }
    copy.near_object.assign(row.size() * row.size(), 0);
    return copy;
}

/// The same with an object in one column, and nothing close by.
SmallCopy with_object(SmallCopy copy, std::size_t column) {
    copy.has_object = copy.has_silhouette = true;
    const auto side = static_cast<std::size_t>(copy.side_px);
    for (std::size_t row = 0; row < side; ++row) {
        copy.pixels[4 * (side * row + column) + 3] = 255;
        copy.near_object[side * row + column] = 1;
    }
    return copy;
}

TEST(Correlation, IsOneOfEqualAndMinusOneOfInvertedImages) {
    const auto image = rows_of({10, 20, 60, 30});
    EXPECT_DOUBLE_EQ(correlation(image, image, {}), 1);
    EXPECT_DOUBLE_EQ(correlation(image, rows_of({30, 50, 130, 70}), {}), 1) << "2 x + 10";
    EXPECT_DOUBLE_EQ(correlation(image, rows_of({90, 80, 40, 70}), {}), -1) << "100 - x";
}

// By hand: deviations (-1, 1, -1, 1) and (-1, -1, 1, 1) are orthogonal; (-3, -1, 1, 3) and
// (-1, -1, 1, 1) have covariance 8, and variances 20 and 4.
TEST(Correlation, IsThatOfTheTextbook) {
    EXPECT_DOUBLE_EQ(correlation(rows_of({1, 3, 1, 3}), rows_of({1, 1, 3, 3}), {}), 0);
    EXPECT_NEAR(correlation(rows_of({0, 2, 4, 6}), rows_of({1, 1, 3, 3}), {}), 8 / std::sqrt(80.0),
                1e-12);
}

TEST(Correlation, OfABlankImageIsZero) {
    const auto image = rows_of({10, 20, 60, 30});
    const auto blank = rows_of({7.1F, 7.1F, 7.1F, 7.1F});
    EXPECT_EQ(correlation(image, blank, {}), 0);
    EXPECT_EQ(correlation(blank, image, {}), 0);
    EXPECT_EQ(correlation(blank, blank, {}), 0);
}

TEST(Correlation, CountsOnlyWhatTheSourceCovers) {
    const auto source = rows_of({10, 60, 20, 90});
    // The source moved right by one pixel; what stands in column 0 does not matter.
    const auto target = rows_of({0, 10, 60, 20});
    EXPECT_NEAR(correlation(source, target, {{1, 0, 0.25, 0, 1, 0}}), 1, 1e-12);
    EXPECT_LT(correlation(source, target, {}), 0.5);
    EXPECT_EQ(correlation(source, target, {{1, 0, 2, 0, 1, 0}}), 0) << "covers nothing";
}

TEST(Correlation, SumsVariancesOverChannels) {
    auto a = rows_of({1, 3});
    auto b = a;
    for (std::size_t red = 0; red < b.pixels.size(); red += 4) {
        b.pixels[red] = 4 - b.pixels[red];
    }
    EXPECT_NEAR(correlation(a, b, {}), (2.0 - 1.0) / 3.0, 1e-12);
}

// By hand: of columns 0 and 1, colours are equal (correlation 1) and silhouettes opposite (-1).
TEST(Agreement, WeighsColoursAndSilhouettesOfEitherObject) {
    const auto a = rows_of({10, 60, 20, 90});
    const auto b = rows_of({10, 60, 95, 0});
    EXPECT_EQ(agreement(a, b, {}), correlation(a, b, {})) << "no objects";
    auto other = with_object(b, 1);
    EXPECT_NEAR(agreement(with_object(a, 0), other, {}), (1 - 2) / 3.0, 1e-12);
    other.has_silhouette = false;
    EXPECT_NEAR(agreement(with_object(a, 0), other, {}), 1, 1e-12);
}

TEST(Agreement, IsOneOfAnImageWithItself) {
    const auto image = view_of(photograph(draw_screw(), {}, 1), kSide).small;
    ASSERT_TRUE(image.has_object);
    EXPECT_NEAR(agreement(image, image, {}), 1, 1e-12);
}

TEST(IsGain, NeedsARiseAndALevel) {
    EXPECT_TRUE(is_gain(0.5, 0.53));
    EXPECT_FALSE(is_gain(0.5, 0.51));
    EXPECT_FALSE(is_gain(-0.5, 0.2));
    EXPECT_TRUE(is_gain(-0.5, 0.31));
    EXPECT_FALSE(is_gain(0.99, 1));
}

Proposal proposal(const Transform& transform) { return {transform, 1, std::nullopt}; }

TEST(IsPlausible, LimitsScaleShiftAndOverlap) {
    EXPECT_TRUE(is_plausible(proposal({})));
    EXPECT_TRUE(is_plausible({{}, 0.91, std::nullopt}));
    EXPECT_FALSE(is_plausible({{}, 0.89, std::nullopt}));
    EXPECT_TRUE(is_plausible({{}, 1.09, std::nullopt}));
    EXPECT_FALSE(is_plausible({{}, 1.11, std::nullopt}));
    EXPECT_FALSE(is_plausible({{}, std::nan(""), std::nullopt}));
    EXPECT_TRUE(is_plausible(proposal({{1, 0, 0.49, 0, 1, 0}})));
    EXPECT_FALSE(is_plausible(proposal({{1, 0, 0.51, 0, 1, 0}}))) << "far";
    EXPECT_FALSE(is_plausible(proposal({{1, 0, 0.35, 0, 1, 0.35}}))) << "little overlap";
    EXPECT_TRUE(is_plausible(proposal(motion({180, 20, -10}))));
}

TEST(IsPlausible, LimitsKeypoints) {
    const auto supported = [](int matches, int inliers) {
        return is_plausible({{}, 1, Support{matches, inliers}});
    };
    EXPECT_TRUE(supported(10, 8));
    EXPECT_FALSE(supported(9, 9));
    EXPECT_FALSE(supported(10, 7));
    EXPECT_TRUE(supported(32, 8));
    EXPECT_FALSE(supported(33, 8)) << "less than a quarter";
}

TEST(Refine, ClimbsToTheRightPlace) {
    const auto nut = draw_nut();
    const Pose pose{40, 12, -7};
    const auto source = view_of(photograph(nut, {}, 1), kSide).small;
    const auto target = view_of(photograph(nut, pose, 2), kSide).small;
    const auto near = motion({42.5, 7, -1});
    ASSERT_GT(distance_px(near, motion(pose)), 5);
    const auto refined = refine(source, target, near);
    EXPECT_LE(distance_px(refined, motion(pose)), 0.7);
    EXPECT_GT(agreement(source, target, refined), agreement(source, target, near));
}

}  // namespace
}  // namespace patchead
