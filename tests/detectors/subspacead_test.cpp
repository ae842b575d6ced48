#include <cmath>

#include <gtest/gtest.h>

#include "detectors/parts/row_blocks.hpp"
#include "detectors/parts/subspace.hpp"
#include "patchead/core/error.hpp"
#include "token_images.hpp"

namespace patchead {
namespace {

/// Rows on a plane of three dimensions with variances 4 and 1, and their mean.
at::Tensor plane_rows() {
    return at::tensor({7., 1., 5., 3., 1., 5., 5., 2., 5., 5., 0., 5.}, at::kDouble).view({4, 3});
}

TEST(PrincipalComponents, AreThoseOfTheCovariance) {
    const auto components = principal_components(plane_rows());
    EXPECT_TRUE(components.mean.allclose(at::tensor({5., 1., 5.}, at::kDouble)));
    EXPECT_TRUE(
        components.values.allclose(at::tensor({8. / 3, 2. / 3, 0.}, at::kDouble), 0, 1e-12));
    EXPECT_NEAR(std::abs(components.vectors[0][0].item<double>()), 1, 1e-12);
    EXPECT_NEAR(std::abs(components.vectors[1][1].item<double>()), 1, 1e-12);
}

TEST(PrincipalComponents, AreTheSameOnAnyNumberOfThreads) {
    const auto images = noise_images(40, {16, 16}, 96, 5);
    const auto rows = at::tensor(images.layers[0].patches).view({-1, 96});
    const auto subspace = subspace_of(principal_components(rows), 30);
    const auto scores = subspace_scores(rows, subspace, SubspaceScore::reconstruction);
    const SingleThread one_thread;
    const auto again = subspace_of(principal_components(rows), 30);
    EXPECT_TRUE(again.vectors.equal(subspace.vectors));
    EXPECT_TRUE(subspace_scores(rows, again, SubspaceScore::reconstruction).equal(scores));
}

TEST(RankOf, IsTheFewestThatHoldTheShare) {
    const auto values = at::tensor({6., 3., 1., 0.}, at::kDouble);
    EXPECT_EQ(rank_of(values, 0), 1);
    EXPECT_EQ(rank_of(values, 0.6), 1);
    EXPECT_EQ(rank_of(values, 0.61), 2);
    EXPECT_EQ(rank_of(values, 0.9), 2);
    EXPECT_EQ(rank_of(values, 1), 3);
    EXPECT_EQ(rank_of(at::zeros({4}, at::kDouble), 0.99), 1);
}

TEST(SubspaceScores, MeasureWhatTheSubspaceLeaves) {
    const auto components = principal_components(plane_rows());
    const auto row = at::tensor({9., 4., 5.5}, at::kDouble).view({1, 3});
    const auto of = [&](const Subspace& subspace, SubspaceScore score) {
        return subspace_scores(row, subspace, score).item<double>();
    };
    const auto line = subspace_of(components, 1);
    EXPECT_NEAR(of(line, SubspaceScore::reconstruction), 9 + 0.25, 1e-12);
    EXPECT_NEAR(of(subspace_of(components, 2), SubspaceScore::reconstruction), 0.25, 1e-12);
    EXPECT_NEAR(of(subspace_of(components, 99), SubspaceScore::reconstruction), 0, 1e-12);
    EXPECT_NEAR(of(line, SubspaceScore::mahalanobis), 16 / (8.0 / 3 + 1e-6), 1e-9);
    // The line makes (9, 1, 5) of it.
    const double cosine = (81 + 4 + 27.5) / (std::sqrt(81 + 16 + 30.25) * std::sqrt(81 + 1 + 25));
    EXPECT_NEAR(of(line, SubspaceScore::cosine), 1 - cosine, 1e-6);
    auto without_first = subspace_of(components, 2);
    without_first.dropped = 1;
    EXPECT_NEAR(of(without_first, SubspaceScore::reconstruction), 16 + 0.25, 1e-12);
    EXPECT_NEAR(of(without_first, SubspaceScore::mahalanobis), 9 / (2.0 / 3 + 1e-6), 1e-9);
}

TEST(TokensOnGrid, IsBilinearBetweenPatches) {
    const auto tokens = at::tensor({0.F, 10.F, 4.F, 30.F}).view({1, 2, 2});
    const auto wide = tokens_on_grid(tokens, {1, 2}, {1, 4});
    EXPECT_TRUE(wide.select(2, 0).allclose(at::tensor({0., 1., 3., 4.}, at::kDouble).view({1, 4})));
    EXPECT_TRUE(
        wide.select(2, 1).allclose(at::tensor({10., 15., 25., 30.}, at::kDouble).view({1, 4})));
}

TEST(SubspaceAd, OfReferencesWithAllComponentsIsZero) {
    const auto detector = make_detector("subspacead", {{"explained_variance", "1"}, {"k", "6"}});
    const auto references = noise_images(2, {4, 3}, 6, 1);
    for (const float score : detector->score(detector->fit(references, 0), references).patches) {
        EXPECT_NEAR(score, 0, 1e-9);
    }
}

TEST(SubspaceAd, TakesOnePatchAndConstantImages) {
    const auto detector = make_detector("subspacead");
    const auto point = detector->fit(noise_images(1, {1, 1}, 4, 1), 0);
    EXPECT_TRUE(std::isfinite(detector->score(point, noise_images(1, {1, 1}, 4, 2)).images[0]));
    const auto model = detector->fit(constant_images(1, {3, 2}, 4, 1), 0);
    const auto same = detector->score(model, constant_images(1, {3, 2}, 4, 1));
    EXPECT_EQ(same.patches, std::vector<float>(6, 0));
    const auto other = detector->score(model, noise_images(1, {3, 2}, 4, 2));
    for (const float score : other.patches) { EXPECT_TRUE(std::isfinite(score)); }
}

TEST(SubspaceAd, AveragesLayersOfOtherGridsAndWidths) {
    auto images = noise_images(1, {4, 4}, 3, 1);
    images.layers.push_back({0, {2, 2}, 3, std::vector<float>(12, 1)});
    const auto detector = make_detector("subspacead");
    const auto scores = detector->score(detector->fit(images, 0), images);
    EXPECT_EQ(scores.grid, (Grid{4, 4}));
    images.layers.push_back({0, {2, 2}, 6, std::vector<float>(24, 1)});
    EXPECT_EQ(detector->fit(images, 0).at("mean").shape, (std::vector<std::int64_t>{3}));
}

TEST(SubspaceAd, ScoresABatchByItsOwnSubspace) {
    const auto detector = make_detector("subspacead");
    const auto batch = noise_images(3, {4, 4}, 6, 1);
    const auto alone = detector->score(detector->fit(batch, 0), batch);
    EXPECT_EQ(detector->score_batch(batch).patches, alone.patches);
    EXPECT_EQ(detector->needs(Setting::zero_shot).turns, 0);
    EXPECT_EQ(detector->needs(Setting::few_shot).turns, 30);
    EXPECT_EQ(make_detector("subspacead", {{"rotations", "7"}})->needs(Setting::few_shot).turns, 7);
}

TEST(SubspaceAd, RefusesValuesOutOfRange) {
    for (const auto& [name, value] :
         std::map<std::string, std::string>{{"explained_variance", "1.01"},
                                            {"k", "-1"},
                                            {"rotations", "120"},
                                            {"score", "euclid"},
                                            {"drop_k", "x"}}) {
        EXPECT_THROW(static_cast<void>(make_detector("subspacead", {{name, value}})), ConfigError)
            << name;
    }
}

}  // namespace
}  // namespace patchead
