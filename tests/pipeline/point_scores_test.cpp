#include "pipeline/point_scores.hpp"

#include <gtest/gtest.h>

namespace patchead {
namespace {

/// One test image through 1 x 1 and 2 x 2 patches.
PointScores coarse_and_fine(FuseRule rule) {
    PointScores scores;
    scores.rule = rule;
    scores.parts = {{{{{1, 1}, {"a"}, {2}, {2}}, {}}}, {{{{2, 2}, {"a"}, {0, 1, 3, 4}, {4}}, {}}}};
    return scores;
}

MetricOptions unsmoothed() {
    MetricOptions options;
    options.interpolation = Interpolation::nearest;
    return options;
}

std::vector<float> map_of(const PointScores& scores, MapSize size) {
    FusedMaps maps(scores, unsmoothed());
    const auto map = maps.map(0, size);
    return {map.begin(), map.end()};
}

TEST(FusedMaps, FuseEachPixelInTheFrameOfTheEvaluation) {
    using Map = std::vector<float>;
    EXPECT_EQ(map_of(coarse_and_fine(FuseRule::mean), {2, 2}), (Map{1, 1.5F, 2.5F, 3}));
    EXPECT_EQ(map_of(coarse_and_fine(FuseRule::highest), {2, 4}), (Map{2, 2, 2, 2, 3, 3, 4, 4}));
}

// 1 x 2 patches as 1 x 4 pixels: 0, 0.25, 0.75, 1 by half-pixel centres; and a plain 2.
TEST(FusedMaps, InterpolateEachPartAsIfItWereAlone) {
    PointScores scores;
    scores.parts = {{{{{1, 2}, {"a"}, {0, 1}, {1}}, {}}}, {{{{1, 1}, {"a"}, {2}, {2}}, {}}}};
    MetricOptions options;
    FusedMaps maps(scores, options);
    const auto map = maps.map(0, {1, 4});
    EXPECT_EQ(std::vector<float>(map.begin(), map.end()),
              (std::vector<float>{1, 1.125F, 1.375F, 1.5F}));
}

TEST(FusedMaps, OfOnePartAreItsOwn) {
    auto scores = coarse_and_fine(FuseRule::mean);
    scores.parts.erase(scores.parts.begin());
    EXPECT_TRUE(scores.is_plain());
    EXPECT_EQ(map_of(scores, {2, 2}), (std::vector<float>{0, 1, 3, 4}));
    EXPECT_EQ(scores.images(), std::vector<float>{4});
}

TEST(PointScores, FuseImageScoresByTheSameRule) {
    EXPECT_FALSE(coarse_and_fine(FuseRule::mean).is_plain());
    EXPECT_EQ(coarse_and_fine(FuseRule::mean).images(), std::vector<float>{3});
    EXPECT_EQ(coarse_and_fine(FuseRule::highest).images(), std::vector<float>{4});
}

TEST(PointScores, AreShownOnTheFinestGrid) {
    const auto scores = coarse_and_fine(FuseRule::mean);
    EXPECT_EQ(scores.finest(), 1U);
    const auto patches = scores.patches({});
    EXPECT_EQ(patches.grid.rows, 2);
    EXPECT_EQ(patches.patches, (std::vector<float>{1, 1.5F, 2.5F, 3}));
}

}  // namespace
}  // namespace patchead
