#include <gtest/gtest.h>
#include <omp.h>

#include <algorithm>
#include <cmath>

#include "parts/mutual.hpp"
#include "parts/neighbourhood.hpp"
#include "parts/tensors.hpp"
#include "patchead/core/random.hpp"

namespace patchead {
namespace {

at::Tensor noise_rows(std::int64_t images, Grid grid, std::int64_t channels) {
    Random random("mutual rows", 1);
    auto rows = at::empty({images, grid.size(), channels}, at::kFloat);
    for (std::int64_t i = 0; i < rows.numel(); ++i) {
        rows.data_ptr<float>()[i] = static_cast<float>(random.normal());
    }
    return rows;
}

/// From the definition, every ordered pair by itself.
at::Tensor plain_mutual_scores(const at::Tensor& rows, Grid grid, int side, std::int64_t count) {
    const auto z = unit_rows(window_sums(rows, grid, side));
    std::vector<at::Tensor> scores;
    for (std::int64_t i = 0; i < rows.size(0); ++i) {
        std::vector<at::Tensor> least;
        for (std::int64_t j = 0; j < rows.size(0); ++j) {
            if (i == j) { continue; }
            const auto differences = z[i].unsqueeze(1) - z[j].unsqueeze(0);
            least.push_back(differences.square().sum(-1).sqrt().amin(1));
        }
        const auto sorted = std::get<0>(at::stack(least).sort(0));
        scores.push_back(sorted.narrow(0, 0, count).mean(0));
    }
    return at::stack(scores);
}

void expect_as_defined(const at::Tensor& rows, Grid grid, const std::vector<int>& sides,
                       std::int64_t count) {
    const auto scores = mutual_scores(rows, grid, sides, count);
    for (std::size_t s = 0; s < sides.size(); ++s) {
        const auto expected = plain_mutual_scores(rows, grid, sides[s], count);
        const auto off = (scores[static_cast<std::int64_t>(s)] - expected).abs().max();
        EXPECT_LT(off.item<double>(), 3e-7) << "side " << sides[s];
    }
}

TEST(MutualScores, AreTheDefinition) {
    expect_as_defined(noise_rows(11, {5, 7}, 24), {5, 7}, {1, 3, 5}, 3);
}

TEST(MutualScores, TakeWindowsLargerThanTheGrid) {
    expect_as_defined(noise_rows(3, {2, 9}, 5), {2, 9}, {7, 1}, 2);
}

TEST(MutualScores, AreTheDefinitionForEqualAndForEmptyImages) {
    auto rows = noise_rows(6, {4, 4}, 16);
    rows[2].copy_(rows[0]);
    rows[3].zero_();
    rows[4].fill_(0.5F);
    rows[5][3].zero_();
    expect_as_defined(rows, {4, 4}, {1, 3}, 2);
    const auto nearest = mutual_scores(rows, {4, 4}, {1}, 1);
    EXPECT_EQ(nearest[0][0].abs().max().item<double>(), 0) << "an equal image is at distance 0";
}

TEST(MutualScores, AreTheDefinitionForRowsOfVeryDifferentLengths) {
    auto rows = noise_rows(6, {5, 5}, 16);
    rows[1][7].mul_(1000);
    rows[2][3].mul_(1e-6);
    // Its window nearly cancels out: little is known of its products.
    rows[4][12].copy_(-(rows[4].sum(0) - rows[4][12]));
    expect_as_defined(rows, {5, 5}, {1, 3, 5}, 1);
}

TEST(MutualScores, HaveTheSameBitsForAnyThreads) {
    const auto rows = noise_rows(10, {6, 6}, 32);
    const int threads = omp_get_max_threads();
    omp_set_num_threads(1);
    const auto one = mutual_scores(rows, {6, 6}, {1, 3}, 2);
    omp_set_num_threads(3);
    const auto three = mutual_scores(rows, {6, 6}, {1, 3}, 2);
    omp_set_num_threads(threads);
    EXPECT_TRUE(one.equal(three));
}

TEST(MutualScores, AreUndefinedAgainstNoImage) {
    const auto scores = mutual_scores(noise_rows(3, {2, 2}, 4), {2, 2}, {1}, 0);
    EXPECT_TRUE(scores.isnan().all().item<bool>());
}

TEST(WindowSums, CountWhatLiesInside) {
    const auto sums = window_sums(at::ones({1, 12, 1}), {3, 4}, 3).view({3, 4});
    EXPECT_EQ(sums[0][0].item<double>(), 4);
    EXPECT_EQ(sums[0][1].item<double>(), 6);
    EXPECT_EQ(sums[1][1].item<double>(), 9);
}

TEST(JointLayerNorm, IsOverPatchesAndChannelsTogether) {
    const auto normal = joint_layer_norm(at::arange(12, at::kFloat).view({1, 3, 4}));
    EXPECT_NEAR(normal.mean().item<double>(), 0, 1e-7);
    EXPECT_NEAR(normal.square().mean().item<double>(), 1, 1e-6);
    EXPECT_EQ(joint_layer_norm(at::full({1, 3, 4}, 2.0)).abs().max().item<double>(), 0);
}

TEST(RowsOnGrid, AreInterpolated) {
    const auto rows = at::tensor({0.0, 4.0}, at::kDouble).view({1, 2, 1});
    const auto moved = rows_on_grid(rows, {1, 2}, {1, 4}).flatten();
    EXPECT_TRUE(moved.equal(at::tensor({0.0, 1.0, 3.0, 4.0}, at::kDouble)));
    EXPECT_TRUE(rows_on_grid(rows, {1, 2}, {1, 2}).equal(rows));
}

}  // namespace
}  // namespace patchead
