#include <numeric>

#include <gtest/gtest.h>

#include "detectors/parts/binary_map.hpp"
#include "detectors/parts/layer_distances.hpp"
#include "detectors/parts/thinning.hpp"
#include "patchead/core/error.hpp"
#include "token_images.hpp"

namespace patchead {
namespace {

RowNumbers first_numbers(std::int64_t n) {
    RowNumbers rows(static_cast<std::size_t>(n));
    std::iota(rows.begin(), rows.end(), std::int64_t{0});
    return rows;
}

at::Tensor noise_rows(std::int64_t n, std::int64_t dim, std::uint64_t seed) {
    const auto images = noise_images(1, {1, static_cast<int>(n)}, static_cast<int>(dim), seed);
    return at::tensor(images.layers[0].patches).view({n, dim});
}

RowNumbers thinned(const at::Tensor& rows, const Thinning& thinning, std::uint64_t seed) {
    RandomDraws draws(Random("thinning", seed));
    return thinned_rows(rows, thinning, draws);
}

TEST(DistanceByChannels, DividesLengthsByTheWidth) {
    const auto queries = at::tensor({3.F, 4.F, 1.F, 1.F}).view({1, 2, 2});
    const auto memory = at::tensor({0.F, 0.F, 1.F, 1.F}).view({2, 2});
    const auto distance = distance_by_channels(queries, memory);
    EXPECT_NEAR(distance[0][0].item<double>(), std::sqrt(13.0) / 2, 1e-12);
    EXPECT_EQ(distance[0][1].item<double>(), 0);
}

// The row itself is among its neighbours, at 0: with t above 0 no chance is more than a half.
TEST(KeepApart, KeepsARowWithAChanceOfOneByItsNeighbours) {
    const auto distances = at::tensor({0., 10., 0., 0.1, 0., 10.}, at::kDouble).view({3, 2});
    const std::vector<double> numbers{0.49, 0.34, 0.51};
    // t = 20.1 / 6 / 10 = 0.335: near are 1, 2 and 1 of them.
    EXPECT_EQ(keep_apart(distances, numbers, 3), (std::vector<bool>{true, false, false}));
    const std::vector<double> lower{0.49, 0.33, 0.49};
    EXPECT_EQ(keep_apart(distances, lower, 3), (std::vector<bool>{true, true, true}));
}

TEST(KeepApart, LetsTheDistanceGrowUntilFewEnoughAreLeft) {
    const auto distances = at::tensor({0., 10., 0., 5., 0., 1.}, at::kDouble).view({3, 2});
    // All have a neighbour beyond t = 16 / 60 at first; the last one's comes near before the
    // others'.
    EXPECT_EQ(keep_apart(distances, std::vector<double>{0.4, 0.4, 0.4}, 2),
              (std::vector<bool>{true, true, false}));
    EXPECT_EQ(keep_apart(distances, std::vector<double>{0.4, 0.4, 0.4}, 1),
              (std::vector<bool>{true, false, false}));
}

TEST(KeepApart, OfEqualRowsKeepsThoseWithTheSmallestNumbers) {
    const auto equal = at::zeros({4, 2}, at::kDouble);
    EXPECT_EQ(keep_apart(equal, std::vector<double>{0.4, 0.1, 0.3, 0.2}, 2),
              (std::vector<bool>{false, true, false, true}));
    const auto apart = at::ones({3, 2}, at::kDouble);
    EXPECT_EQ(keep_apart(apart, std::vector<double>{0.02, 0.01, 0.03}, 1),
              (std::vector<bool>{false, true, false}));
}

TEST(ThinnedRows, AreAllOfAMemoryThatIsSmallEnough) {
    EXPECT_EQ(thinned(noise_rows(20, 3, 1), {.target = 20, .iterations = 4}, 1), first_numbers(20));
}

TEST(ThinnedRows, AreAsManyAsWantedAndTheSameForASeed) {
    const auto rows = noise_rows(300, 4, 1);
    const Thinning thinning{.target = 50, .iterations = 6, .neighbours = 8};
    const auto kept = thinned(rows, thinning, 1);
    EXPECT_EQ(kept.size(), 50U);
    EXPECT_TRUE(std::ranges::is_sorted(kept));
    EXPECT_EQ(std::ranges::adjacent_find(kept), kept.end());
    EXPECT_EQ(thinned(rows, thinning, 1), kept);
    EXPECT_NE(thinned(rows, thinning, 2), kept);
}

TEST(ThinnedRows, AreNeverMoreThanWanted) {
    EXPECT_EQ(thinned(at::ones({90, 3}), {.target = 7, .iterations = 10}, 1).size(), 7U);
    EXPECT_EQ(thinned(noise_rows(30, 3, 1), {.target = 4, .iterations = 100}, 1).size(), 4U)
        << "subsets of no row";
}

TEST(ThinnedRows, PreferWhatIsRare) {
    // 200 rows about one place and 40 far from all others.
    auto rows = noise_rows(240, 8, 1) * 0.01;
    rows.narrow(0, 0, 40).add_(noise_rows(40, 8, 2) * 100);
    const auto kept = thinned(rows, {.target = 40, .iterations = 2, .neighbours = 30}, 3);
    const auto rare = std::ranges::count_if(kept, [](std::int64_t row) { return row < 40; });
    EXPECT_GT(rare, 12) << "of 40; at random some 7 would be";
}

TEST(Percentile, IsLinearBetweenValues) {
    const auto values = at::tensor({4., 1., 3., 2.}, at::kDouble);
    EXPECT_EQ(percentile(values, 0), 1);
    EXPECT_EQ(percentile(values, 100), 4);
    EXPECT_NEAR(percentile(values, 50), 2.5, 1e-12);
    EXPECT_NEAR(normal_threshold(values, 95, 2), 2 * 3.85, 1e-12);
    EXPECT_EQ(percentile(at::full({1}, 7, at::kDouble), 95), 7);
}

TEST(LineKernels, GoThroughTheCentre) {
    const auto lines = line_kernels({.closing_radius = 3, .closing_angles = 2});
    EXPECT_EQ(lines.sizes().vec(), (std::vector<std::int64_t>{2, 7, 7}));
    EXPECT_EQ(lines[0].slice(0, 2, 5).sum().item<int>(), 21) << "three rows";
    EXPECT_EQ(lines[0].sum().item<int>(), 21);
    EXPECT_TRUE(lines[1].equal(lines[0].t()));
}

/// 20 x 20 pixels.
at::Tensor dark() { return at::zeros({20, 20}, at::kDouble); }

TEST(BinaryMaps, CloseGapsOnlyWhereTheMapIsNearTheThreshold) {
    auto map = dark();
    map.slice(0, 8, 13).slice(1, 3, 8).fill_(2);
    map.slice(0, 8, 13).slice(1, 10, 15).fill_(2);
    const BinaryRule rule{.closing_radius = 3, .closing_angles = 4};
    EXPECT_EQ(binary_maps(map, 1, rule).closed[10][8].item<int>(), 0);
    map.slice(0, 8, 13).slice(1, 8, 10).fill_(0.9);
    const auto bridged = binary_maps(map, 1, rule);
    EXPECT_EQ(bridged.thresholded[10][8].item<int>(), 0);
    EXPECT_EQ(bridged.closed[10][8].item<int>(), 255);
    EXPECT_EQ(bridged.binary.sum().item<int>(), 255 * 3 * 10) << "a pixel less at each side";
}

TEST(BinaryMaps, FillHolesThatTheOutsideDoesNotReach) {
    auto map = dark();
    map.slice(0, 2, 18).slice(1, 2, 18).fill_(2);
    map.slice(0, 4, 16).slice(1, 4, 16).fill_(0);
    const BinaryRule rule{.closing_radius = 1, .closing_angles = 2, .binary_erosion = 0};
    EXPECT_EQ(binary_maps(map, 1, rule).filled.sum().item<int>(), 255 * 16 * 16);
    map.slice(0, 2, 4).slice(1, 9, 11).fill_(0);  // A way in.
    EXPECT_LT(binary_maps(map, 1, rule).filled.sum().item<int>(), 255 * 16 * 10);
}

TEST(SuperAdd, OfItsMemoryIsZero) {
    const auto detector = make_detector("superadd");
    const auto references = noise_images(2, {4, 3}, 6, 1);
    const auto model = detector->fit(references, 5);
    EXPECT_FALSE(model.contains("threshold")) << "too few to hold one out";
    const auto scores = detector->score(model, references);
    EXPECT_EQ(scores.patches, std::vector<float>(24, 0));
    EXPECT_EQ(scores.images, std::vector<float>(2, 0));
}

TEST(SuperAdd, HoldsEveryEighthImageOutForTheThreshold) {
    const auto detector = make_detector("superadd");
    const auto references = noise_images(9, {4, 3}, 6, 1);
    const auto model = detector->fit(references, 5);
    EXPECT_EQ(model.at("memory.0").shape, (std::vector<std::int64_t>{7 * 12, 6}));
    EXPECT_GT(model.at("threshold").values[0], 0);
    const auto scores = detector->score(model, references);
    for (std::size_t i = 0; i < 9; ++i) { EXPECT_EQ(scores.images[i] > 0, i % 8 == 0) << i; }
}

TEST(SuperAdd, KeepsItsMemoryWithinBoundsAndRecordsWhatItDrew) {
    const auto detector =
        make_detector("superadd", {{"max_database_size", "10"}, {"subsampling_iterations", "2"}});
    const auto references = noise_images(3, {4, 3}, 6, 1);
    const auto model = detector->fit(references, 5);
    EXPECT_EQ(model.at("memory.0").shape, (std::vector<std::int64_t>{10, 6}));
    const auto& kept = model.at("kept.0").values;
    ASSERT_EQ(kept.size(), 10U);
    for (std::size_t i = 0; i < kept.size(); ++i) {
        const auto from = static_cast<std::size_t>(kept[i]) * 6;
        EXPECT_EQ(model.at("memory.0").values[6 * i], references.layers[0].patches[from]);
    }
    EXPECT_NE(detector->fit(references, 6), model);
}

TEST(SuperAdd, AveragesLayersOfOtherGridsAndWidths) {
    auto references = noise_images(1, {4, 6}, 3, 1);
    references.layers.push_back({0, {2, 3}, 5, std::vector<float>(30, 1)});
    auto query = references;
    for (auto& value : query.layers[1].patches) { value = 2; }
    const auto detector = make_detector("superadd");
    const auto scores = detector->score(detector->fit(references, 0), query);
    EXPECT_EQ(scores.grid, (Grid{4, 6}));
    for (const float score : scores.patches) { EXPECT_NEAR(score, std::sqrt(5.0) / 5 / 2, 1e-6); }
    EXPECT_NEAR(scores.images[0], std::sqrt(5.0) / 5 / 2, 1e-6);
}

TEST(SuperAdd, RefusesWhatItCannotDo) {
    for (const auto& [name, value] : std::map<std::string, std::string>{{"max_database_size", "0"},
                                                                        {"threshold_fraction", "1"},
                                                                        {"top_share", "2"},
                                                                        {"sigma", "-1"}}) {
        EXPECT_THROW(static_cast<void>(make_detector("superadd", {{name, value}})), ConfigError)
            << name;
    }
    const auto detector = make_detector("superadd");
    EXPECT_FALSE(detector->is_for(Setting::zero_shot));
    EXPECT_THROW(static_cast<void>(detector->fit(noise_images(0, {2, 2}, 3, 1), 0)), DataError);
}

}  // namespace
}  // namespace patchead
