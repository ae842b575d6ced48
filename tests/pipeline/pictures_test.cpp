#include "pipeline/pictures.hpp"

#include <gtest/gtest.h>

namespace patchead {
namespace {

/// Three test images of 2 x 2 patches; the last two are recorded.
struct Case {
    EvaluateUnit unit;
    TestScores tests;

    Case() {
        unit.tests = {5, 6, 7};
        unit.recorded = {1, 2};
        unit.metrics.side_px = 32;
        unit.metrics.smooth_sigma_px = 4;
        tests.scores = {{2, 2}, {"a", "b", "c"}, {0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8}, {0, 4, 8}};
    }
};

TEST(RecordMaps, KeepPatchScoresAsTheyAre) {
    const Case given;
    const auto maps = record_maps(given.unit, {{{given.tests}}}, {1, 7});
    EXPECT_EQ(maps.samples, (std::vector<std::size_t>{6, 7}));
    EXPECT_EQ(maps.scores, (std::vector<float>{4, 8}));
    EXPECT_EQ(maps.patches, (std::vector<float>{1, 2, 3, 4, 5, 6, 7, 8}));
    EXPECT_EQ(maps.grid.rows, 2);
    EXPECT_EQ(maps.low, 1);
    EXPECT_EQ(maps.high, 7);
}

/// A rotated copy shows the patches in reverse order: brought back, they lie on the original's.
TEST(RecordMaps, AverageOverCopies) {
    Case given;
    auto copies = given.tests.scores;
    copies.patches = {0, 0, 0, 0, 6, 5, 4, 3, 8, 7, 6, 5};
    given.tests.copies.push_back({Version::rotated, copies});
    const auto maps = record_maps(given.unit, {{{given.tests, std::vector<Transform>(3)}}}, {0, 1});
    EXPECT_EQ(maps.patches, (std::vector<float>{2, 3, 4, 5, 5, 6, 7, 8}));
}

TEST(ColourScale, IsTheMedianAndTheHighestOfFew) {
    const Case given;
    const auto scale = colour_scale(given.tests.scores);
    EXPECT_EQ(scale.low, 2);
    EXPECT_EQ(scale.high, 7);  // 0.998 * 11, rounded down, is rank 10.
}

TEST(OriginalsOf, PassOverCopies) {
    SweepPlan plan;
    plan.embeds = {{0, 32, {7, 5, 6}},
                   {0, 32, {6, 7}, Copies{{Version::aligned, Version::aligned}}}};
    MatchUnit match;
    match.queries = {{1, 0}, {0, 1}, {0, 2}, {1, 1}, {0, 0}};
    plan.matches = {match};
    Case given;
    given.unit.matches = {{0}};
    const auto originals = originals_of(plan, given.unit, given.unit.recorded);
    ASSERT_EQ(originals.size(), 2U);
    EXPECT_EQ(originals[0].embed, 0U);
    EXPECT_EQ(originals[0].row, 2U);  // Sample 6.
    EXPECT_EQ(originals[1].row, 0U);  // Sample 7.
}

}  // namespace
}  // namespace patchead
