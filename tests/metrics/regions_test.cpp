#include <gtest/gtest.h>

#include <vector>

#include "patchead/core/error.hpp"
#include "patchead/metrics/metrics.hpp"

namespace patchead {
namespace {

using Index = std::vector<std::uint32_t>;

/// A mask from rows of '.' and '#'.
Mask drawn(const std::vector<std::string>& rows) {
    Mask mask{static_cast<int>(rows.size()), static_cast<int>(rows.front().size()), {}};
    for (const auto& row : rows) {
        for (const char c : row) { mask.anomalous.push_back(c == '#' ? 1 : 0); }
    }
    return mask;
}

GroundTruth regions_of(const std::vector<Mask>& masks, int connectivity) {
    const std::vector<std::uint8_t> anomalous(masks.size(), 1);
    return find_regions([&](std::size_t i) { return masks[i]; }, anomalous, connectivity);
}

TEST(FindRegions, JoinsCornersOnlyWithEightNeighbours) {
    const auto mask = drawn({"#...", ".#..", "....", "..##"});
    EXPECT_EQ(regions_of({mask}, 8).region_sizes, (Index{2, 2}));
    EXPECT_EQ(regions_of({mask}, 4).region_sizes, (Index{1, 1, 2}));
}

TEST(FindRegions, NumbersRegionsByTheirFirstPixelOverAllImages) {
    const auto truth = regions_of({drawn({".#.", "...", "#.#"}), drawn({"...", ".#.", "..."})}, 8);
    EXPECT_EQ(truth.images[0].index, (Index{1, 6, 8}));
    EXPECT_EQ(truth.images[0].region, (Index{0, 1, 2}));
    EXPECT_EQ(truth.images[1].index, (Index{4}));
    EXPECT_EQ(truth.images[1].region, (Index{3}));
}

// Two arms that meet only at the bottom: one region, though a scan meets the arms apart.
TEST(FindRegions, JoinsArmsThatMeetLater) {
    const auto truth = regions_of({drawn({"#..#", "#..#", "#..#", "####"})}, 4);
    EXPECT_EQ(truth.region_sizes, (Index{10}));
    EXPECT_EQ(truth.images[0].region, Index(10, 0));
}

// Pixel 3 ends a row and pixel 4 starts the next: neighbours in memory, not in the image.
TEST(FindRegions, DoesNotJoinOppositeBorders) {
    EXPECT_EQ(regions_of({drawn({"...#", "#...", "....", "...."})}, 8).region_sizes, (Index{1, 1}));
    EXPECT_EQ(regions_of({drawn({"#..#", "....", "....", "#..#"})}, 8).region_sizes,
              (Index{1, 1, 1, 1}));
}

TEST(FindRegions, CountsAnomalousImagesWhoseMaskVanished) {
    const std::vector<Mask> masks{drawn({"..", ".."}), drawn({"..", ".."}), drawn({"#.", ".."})};
    const std::vector<std::uint8_t> anomalous{1, 0, 1};
    const auto truth = find_regions([&](std::size_t i) { return masks[i]; }, anomalous, 8);
    EXPECT_EQ(truth.vanished, 1);
    EXPECT_EQ(truth.region_sizes, (Index{1}));
    EXPECT_EQ(truth.images[2].size, (MapSize{2, 2}));
}

// A region as large as this would overflow the stack if it were filled by recursion.
TEST(FindRegions, FillsAWholeImage) {
    const Mask full{1024, 1024, std::vector<std::uint8_t>(1024 * 1024, 1)};
    EXPECT_EQ(regions_of({full}, 8).region_sizes, (Index{1024 * 1024}));
}

// Pixel 2 of the wide mask ends a row, pixel 3 starts the next.
TEST(FindRegions, TakesMasksOfAnySize) {
    const auto truth = regions_of({drawn({"..#", "#.."}), drawn({"#", "#", "."})}, 8);
    EXPECT_EQ(truth.region_sizes, (Index{1, 1, 2}));
    EXPECT_EQ(truth.images[0].size, (MapSize{2, 3}));
    EXPECT_EQ(truth.images[1].size, (MapSize{3, 1}));
}

// Of 8 columns the middle 4 are 2 to 5, of 4 rows the middle 2 are 1 and 2.
TEST(FindRegions, OfTheMiddleAreCutAtItsBorder) {
    const auto mask = drawn({"########", "#..##..#", "#......#", "........"});
    const std::vector<std::uint8_t> anomalous{1};
    const auto truth = find_regions([&](std::size_t) { return mask; }, anomalous, 8, 0.5);
    EXPECT_EQ(truth.region_sizes, (Index{2})) << "what is left of the whole is no region";
    EXPECT_EQ(truth.images[0].index, (Index{1, 2}));
    EXPECT_EQ(truth.images[0].size, (MapSize{2, 4}));
    EXPECT_EQ(truth.images[0].map_size(), (MapSize{4, 8}));
}

TEST(FindRegions, OfTheMiddleVanishAtTheBorder) {
    const auto mask = drawn({"#...", "....", "....", "...."});
    const std::vector<std::uint8_t> anomalous{1};
    const auto truth = find_regions([&](std::size_t) { return mask; }, anomalous, 8, 0.5);
    EXPECT_EQ(truth.vanished, 1);
    EXPECT_TRUE(truth.region_sizes.empty());
}

TEST(FindRegions, RefusesOtherConnectivities) {
    EXPECT_THROW((void)regions_of({drawn({"#"})}, 6), ConfigError);
}

}  // namespace
}  // namespace patchead
