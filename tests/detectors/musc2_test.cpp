#include <gtest/gtest.h>

#include <cmath>

#include "parts/snamd.hpp"

namespace patchead {
namespace {

TEST(SimilarityWeightedMeans, WeighNeighboursByDistance) {
    // Two patches: a = 1, b = 3. Around a lie b, at distance 2, and seven zeros, at distance 1.
    const auto tokens = at::tensor({1.0, 3.0}, at::kDouble).view({1, 2, 1});
    const auto means = similarity_weighted_means(tokens, {1, 2}, {3}).flatten();
    const double b = std::exp(-2);
    EXPECT_NEAR(means[0].item<double>(), (1 + 3 * b) / (1 + b + 7 * std::exp(-1)), 1e-12);
    EXPECT_NEAR(means[1].item<double>(), (3 + b) / (1 + b + 7 * std::exp(-3)), 1e-12);
}

TEST(SimilarityWeightedMeans, AreMeansOverSides) {
    const auto tokens = at::randn({2, 12, 5}, at::kDouble);
    EXPECT_TRUE(similarity_weighted_means(tokens, {3, 4}, {1}).allclose(tokens));
    const auto three = similarity_weighted_means(tokens, {3, 4}, {3});
    EXPECT_TRUE(similarity_weighted_means(tokens, {3, 4}, {1, 3}).allclose((tokens + three) / 2));
}

TEST(Salient, IsTheFirstHighestPatchOfTheLastLayerButOne) {
    EXPECT_EQ(salient_layer(3), 1U);
    EXPECT_EQ(salient_layer(1), 0U);
    const auto rows = at::arange(6, at::kDouble).view({1, 3, 2});
    const auto salient = salient_rows(rows, at::tensor({0.0, 2.0, 2.0}).view({1, 3}));
    EXPECT_TRUE(salient.equal(at::tensor({2.0, 3.0}, at::kDouble).view({1, 2})));
}

}  // namespace
}  // namespace patchead
