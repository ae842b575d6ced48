#include "pipeline/scores.hpp"

#include <gtest/gtest.h>

#include "patchead/alignment/warp.hpp"

namespace patchead {
namespace {

std::vector<Sample> samples(const std::vector<std::string>& ids) {
    std::vector<Sample> result(ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) { result[i].id = ids[i]; }
    return result;
}

TEST(ScoreMerger, PutsBatchesIntoTheOrderOfTheTests) {
    const auto all = samples({"a", "b", "c"});
    const std::vector<std::size_t> tests{0, 1, 2};
    ScoreMerger merger(all, tests);
    merger.add({{1, 2}, {"c", "a"}, {5, 6, 1, 2}, {6, 2}}, {});
    merger.add({{1, 2}, {"b"}, {3, 4}, {4}}, {});
    const auto merged = merger.merged();
    EXPECT_EQ(merged.scores.ids, (std::vector<std::string>{"a", "b", "c"}));
    EXPECT_EQ(merged.scores.patches, (std::vector<float>{1, 2, 3, 4, 5, 6}));
    EXPECT_EQ(merged.scores.images, (std::vector<float>{2, 4, 6}));
    EXPECT_TRUE(merged.copies.empty());
}

TEST(ScoreMerger, NoticesAnImageThatIsMissingOrScoredTwice) {
    const auto all = samples({"a", "b"});
    const std::vector<std::size_t> tests{0, 1};
    ScoreMerger missing(all, tests);
    missing.add({{1, 1}, {"a"}, {1}, {1}}, {});
    EXPECT_THROW(static_cast<void>(missing.merged()), std::logic_error);
    ScoreMerger twice(all, tests);
    twice.add({{1, 1}, {"a", "b"}, {1, 1}, {1, 1}}, {});
    twice.add({{1, 1}, {"a"}, {1}, {1}}, {});
    EXPECT_THROW(static_cast<void>(twice.merged()), std::logic_error);
    ScoreMerger half(all, tests);
    half.add({{1, 1}, {"a", "b"}, {1, 1}, {1, 1}}, {});
    half.add({{1, 1}, {"a"}, {1}, {1}}, std::vector{Version::aligned});
    EXPECT_THROW(static_cast<void>(half.merged()), std::logic_error) << "a copy of b has no score";
}

TEST(ScoreMerger, AnImageScoreIsTheMeanOverTheVersions) {
    const auto all = samples({"a"});
    const std::vector<std::size_t> tests{0};
    const PatchScores part{{1, 1}, {"a", "a", "a"}, {3, 6, 12}, {3, 6, 12}};
    const std::vector versions{Version::original, Version::aligned, Version::rotated};
    ScoreMerger merger(all, tests);
    merger.add(part, versions);
    const auto merged = merger.merged();
    EXPECT_EQ(merged.scores.images, std::vector<float>{7});
    EXPECT_EQ(merged.scores.patches, std::vector<float>{3});
    ASSERT_EQ(merged.copies.size(), 2U);
    EXPECT_EQ(merged.copies[1].version, Version::rotated);
    EXPECT_EQ(merged.copies[1].scores.patches, std::vector<float>{12});

    ScoreMerger without(all, tests, false);
    without.add(part, versions);
    EXPECT_EQ(without.merged().scores.images, std::vector<float>{4.5F});
}

TestScores of_versions(const std::vector<std::vector<float>>& patches, Grid grid) {
    TestScores tests;
    tests.scores = {grid, {"a"}, patches[0], {0}};
    for (std::size_t v = 1; v < patches.size(); ++v) {
        tests.copies.push_back({static_cast<Version>(v), {grid, {"a"}, patches[v], {0}}});
    }
    return tests;
}

MetricOptions four_pixels() {
    MetricOptions options;
    options.side_px = 4;
    options.interpolation = Interpolation::nearest;
    return options;
}

TEST(AnomalyMaps, ArePlainWithoutCopies) {
    const auto tests = of_versions({{1, 2, 3, 4}}, {2, 2});
    AnomalyMaps maps(tests, {}, four_pixels());
    const auto map = maps.map(0, {4, 4});
    EXPECT_EQ(std::vector(map.begin(), map.end()),
              (std::vector<float>{1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4}));
}

/// The rotated copy of an image shows its patches in reverse order.
TEST(AnomalyMaps, WarpCopiesBackAndAverage) {
    const auto tests = of_versions({{1, 2, 3, 4}, {1, 2, 3, 4}, {4, 3, 2, 1}}, {2, 2});
    AnomalyMaps maps(tests, {Transform{}}, four_pixels());
    const auto map = maps.map(0, {4, 4});
    EXPECT_EQ(std::vector(map.begin(), map.end()),
              (std::vector<float>{1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4}));
}

/// A copy shifted by half a side to the right shows the left half of the image only.
TEST(AnomalyMaps, AverageOverTheVersionsThatShowAPixel) {
    const auto tests = of_versions({{1, 1, 1, 1}, {9, 3, 9, 3}}, {2, 2});
    AnomalyMaps maps(tests, {Transform{{1, 0, 0.5, 0, 1, 0}}}, four_pixels());
    const auto map = maps.map(0, {4, 4});
    EXPECT_EQ(std::vector(map.begin(), map.begin() + 4), (std::vector<float>{2, 2, 1, 1}));
}

TEST(AnomalyMaps, RefuseScoresThatAreNotFinite) {
    const auto nan = std::numeric_limits<float>::quiet_NaN();
    const auto tests = of_versions({{1, 1, 1, 1}, {1, nan, 1, 1}}, {2, 2});
    EXPECT_ANY_THROW(AnomalyMaps(tests, {Transform{}}, four_pixels()));
}

}  // namespace
}  // namespace patchead
