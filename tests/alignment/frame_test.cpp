#include "alignment/frame.hpp"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

namespace patchead {
namespace {

Transform shift(double x, double y) { return {{1, 0, x, 0, 1, y}}; }

TEST(CoveredArea, OfAnUnmovedFrameIsAll) {
    EXPECT_DOUBLE_EQ(covered_area({}, {}), 1);
    EXPECT_DOUBLE_EQ(covered_area({}, {0.25, 0.5, 0.75, 1}), 0.25);
}

TEST(CoveredArea, OfAShiftedFrameIsARectangle) {
    EXPECT_DOUBLE_EQ(covered_area(shift(0.25, 0), {}), 0.75);
    EXPECT_DOUBLE_EQ(covered_area(shift(0.25, -0.5), {}), 0.375);
    EXPECT_DOUBLE_EQ(covered_area(shift(1, 0), {}), 0);
    EXPECT_DOUBLE_EQ(covered_area(shift(-3, 7), {}), 0);
}

// The common part of a unit square and itself turned by 45 degrees is a regular octagon.
TEST(CoveredArea, OfATurnedFrameIsAnOctagon) {
    const auto turned = turn(std::numbers::pi / 4, 1, {0.5, 0.5}, {0.5, 0.5});
    EXPECT_NEAR(covered_area(turned, {}), 2 * (std::numbers::sqrt2 - 1), 1e-12);
}

TEST(CoveredArea, OfAMirroredFrameIsNotNegative) {
    EXPECT_DOUBLE_EQ(covered_area({{-1, 0, 1.25, 0, 1, 0}}, {}), 0.75);
}

TEST(CoveredArea, OfASmallFrameIsTheAreaOfTheFrame) {
    EXPECT_NEAR(covered_area(turn(0.3, 0.5, {0.5, 0.5}, {0.5, 0.5}), {}), 0.25, 1e-12);
}

TEST(Turn, TakesXTowardsYAndOnePointToAnother) {
    const auto quarter = turn(std::numbers::pi / 2, 2, {0.1, 0.2}, {0.6, 0.7});
    const auto fixed = moved(quarter, {0.1, 0.2});
    EXPECT_NEAR(fixed.x, 0.6, 1e-12);
    EXPECT_NEAR(fixed.y, 0.7, 1e-12);
    const auto right_of_it = moved(quarter, {0.2, 0.2});
    EXPECT_NEAR(right_of_it.x, 0.6, 1e-12);
    EXPECT_NEAR(right_of_it.y, 0.9, 1e-12);
}

}  // namespace
}  // namespace patchead
