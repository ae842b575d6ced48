#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "detectors/parts/foreground.hpp"
#include "detectors/parts/knn_scores.hpp"
#include "detectors/parts/masked.hpp"
#include "detectors/parts/unit_nearest.hpp"
#include "patchead/core/error.hpp"
#include "token_images.hpp"

namespace patchead {
namespace {

at::Tensor flags(const std::vector<int>& values) { return at::tensor(values, at::kInt) > 0; }

std::vector<int> ints(const at::Tensor& mask) {
    std::vector<int> values;
    for (std::int64_t i = 0; i < mask.numel(); ++i) { values.push_back(mask[i].item<bool>()); }
    return values;
}

TEST(FirstComponent, IsTheDirectionOfTheLargestVariance) {
    // Along (3, 4) / 5 at -10, 0 and 10, across it at most 1.
    const auto tokens = at::tensor({-6.F, -8.F, 0.8F, -0.6F, -0.8F, 0.6F, 6.F, 8.F}).view({4, 2});
    const auto scores = first_component(tokens, ComponentSign::by_score);
    EXPECT_NEAR(std::abs(scores[0].item<double>()), 10, 1e-9);
    EXPECT_NEAR(scores[1].item<double>(), 0, 1e-6);
    EXPECT_NEAR(scores[0].item<double>(), -scores[3].item<double>(), 1e-9);
}

TEST(FirstComponent, HasTheSignOfItsLargestScoreOrOfItsLargestEntry) {
    // Scores along (-1, 0.1): one patch far out on the negative side of the first axis.
    const auto tokens = at::tensor({-9.F, 0.9F, 3.F, -0.3F, 3.F, -0.3F, 3.F, -0.3F}).view({4, 2});
    EXPECT_GT(first_component(tokens, ComponentSign::by_score)[0].item<double>(), 9);
    EXPECT_LT(first_component(tokens, ComponentSign::by_entry)[0].item<double>(), -9);
}

TEST(FirstComponent, OfEqualTokensIsNothing) {
    const auto scores = first_component(at::ones({6, 4}), ComponentSign::by_score);
    EXPECT_EQ(scores.abs().max().item<double>(), 0);
}

TEST(FirstComponent, IsThatOfADecomposition) {
    const auto images = noise_images(1, {9, 7}, 20, 3);
    const auto tokens = at::tensor(images.layers[0].patches).view({63, 20}).to(at::kDouble);
    const auto centred = tokens - tokens.mean(0, true);
    const auto [values, vectors] = at::linalg_eigh(centred.t().matmul(centred));
    const auto exact = centred.mv(vectors.select(1, 19)).abs();
    const auto scores = first_component(tokens, ComponentSign::by_score).abs();
    EXPECT_LT((scores - exact).abs().max().item<double>(), 1e-6);
}

TEST(Foreground, SpreadsAlongRowsAndOverTheirEnds) {
    // 2 x 5 patches; one of them, the last of the first row, is foreground.
    const auto scores = at::tensor({0., 0., 0., 0., 20., 0., 0., 0., 0., 0.}, at::kDouble);
    const auto found = foreground_of(scores, {2, 5}, {.centre_share = -1});
    EXPECT_EQ(ints(found.raw), (std::vector<int>{0, 0, 0, 0, 1, 0, 0, 0, 0, 0}));
    EXPECT_EQ(ints(found.dilated), (std::vector<int>{0, 0, 0, 1, 1, 1, 0, 0, 0, 0}));
    EXPECT_EQ(ints(found.mask), (std::vector<int>{0, 0, 0, 1, 1, 1, 0, 0, 0, 0}));
}

TEST(Foreground, ClosesGapsOfThreePatches) {
    // Dilated there is a gap of one, which closing fills.
    const auto scores = at::tensor({0., 20., 0., 0., 0., 20., 0., 0., 0.}, at::kDouble);
    const auto found = foreground_of(scores, {3, 3}, {.centre_share = -1});
    EXPECT_EQ(ints(found.dilated), (std::vector<int>{1, 1, 1, 0, 1, 1, 1, 0, 0}));
    EXPECT_EQ(ints(found.mask), (std::vector<int>{1, 1, 1, 1, 1, 1, 1, 0, 0}));
}

// Rows and columns 1 to 3 of 5 are the centre: 9 patches, of which 35 % are 3.15.
TEST(Foreground, ChangesItsSignWhereTheCentreIsBackground) {
    auto scores = at::full({5, 5}, -20, at::kDouble);
    scores.slice(0, 1, 2).slice(1, 1, 4).fill_(20);
    auto found = foreground_of(scores.flatten(), {5, 5}, {});
    EXPECT_TRUE(found.flipped);
    EXPECT_NEAR(found.centre_share, 3.0 / 9, 1e-12);
    EXPECT_EQ(found.raw.sum().item<int>(), 22);
    scores[2][1] = 20;
    found = foreground_of(scores.flatten(), {5, 5}, {});
    EXPECT_FALSE(found.flipped);
    EXPECT_EQ(found.raw.sum().item<int>(), 4);
}

TEST(MeanKnnDistance, AveragesCosinesOrSquares) {
    const auto memory = at::tensor({1.F, 0.F, 0.F, 2.F, -3.F, 0.F}).view({3, 2});
    const auto query = at::tensor({4.F, 0.F}).view({1, 2});
    const auto distance = [&](std::int64_t k, PatchMetric metric) {
        return mean_knn_distance(rows_for(metric, query), rows_for(metric, memory), k, metric)
            .item<double>();
    };
    EXPECT_NEAR(distance(1, PatchMetric::cosine), 0, 1e-12);
    EXPECT_NEAR(distance(2, PatchMetric::cosine), 0.5, 1e-7);
    EXPECT_NEAR(distance(9, PatchMetric::cosine), 1, 1e-7) << "all there are";
    EXPECT_NEAR(distance(1, PatchMetric::l2), 3, 1e-12);
    EXPECT_NEAR(distance(2, PatchMetric::l2), std::sqrt((9.0 + 20.0) / 2), 1e-12);
}

TEST(MeanBelowKth, LeavesTheKthAndItsEqualsOut) {
    const auto pool =
        unit_float_rows(at::tensor({1.F, 0.F, 0.F, 1.F, 0.F, 5.F, -1.F, 0.F}).view({4, 2}));
    const auto query = unit_float_rows(at::tensor({2.F, 0.F}).view({1, 2}));
    EXPECT_TRUE(std::isnan(mean_below_kth(query, pool, 1).item<double>()));
    EXPECT_NEAR(mean_below_kth(query, pool, 2).item<double>(), 0, 1e-7);
    EXPECT_NEAR(mean_below_kth(query, pool, 3).item<double>(), 0, 1e-7) << "two are 1";
    EXPECT_NEAR(mean_below_kth(query, pool, 4).item<double>(), 2.0 / 3, 1e-7);
}

TEST(ScoresInside, AreZeroOutsideAndAskNothingOfAnEmptyMask) {
    const auto rows = at::arange(4, at::kDouble).view({4, 1});
    const auto twice = [](const at::Tensor& some) { return some.flatten() * 2; };
    const auto scores = scores_inside(rows, flags({0, 1, 0, 1}), twice);
    EXPECT_TRUE(scores.equal(at::tensor({0., 2., 0., 6.}, at::kDouble)));
    const auto none = scores_inside(rows, flags({0, 0, 0, 0}), [](const at::Tensor&) -> at::Tensor {
        throw DataError("asked");
    });
    EXPECT_EQ(none.sum().item<double>(), 0);
}

TEST(TopShareScore, IsTheMaximumOfFewValues) {
    EXPECT_EQ(top_share_score(at::arange(99, at::kDouble), 0.01), 98);
    EXPECT_EQ(top_share_score(at::arange(200, at::kDouble), 0.01), 198.5);
}

TEST(AnomalyDino, WantsTurnedReferencesOfPromptsAlone) {
    const auto detector = make_detector("anomalydino");
    EXPECT_EQ(detector->needs(Setting::few_shot).copies, ReferenceCopies::rot45);
    EXPECT_EQ(detector->needs(Setting::zero_shot).copies, ReferenceCopies::none);
    EXPECT_EQ(make_detector("anomalydino", {{"rotation", "no"}})->needs(Setting::few_shot).copies,
              ReferenceCopies::none);
}

TEST(AnomalyDino, OfAReferenceItselfIsZero) {
    const auto detector = make_detector("anomalydino");
    const auto references = noise_images(2, {4, 3}, 6, 1);
    const auto scores = detector->score(detector->fit(references, 0), references);
    EXPECT_EQ(scores.patches, std::vector<float>(24, 0));
    EXPECT_EQ(scores.images, std::vector<float>(2, 0));
}

TEST(AnomalyDino, WithAMaskScoresTheForegroundAlone) {
    // In units of the tokens the object is 30 from the ground, and fills the centre.
    std::vector<float> tokens;
    for (int patch = 0; patch < 25; ++patch) {
        const bool is_object = patch / 5 > 0 && patch / 5 < 4 && patch % 5 > 0 && patch % 5 < 4;
        tokens.insert(tokens.end(), {is_object ? 30.F : 0.F, is_object ? 1.F : 2.F, 1.F});
    }
    const auto query = one_layer({5, 5}, 3, tokens);
    const auto references = noise_images(1, {5, 5}, 3, 2);
    const auto masked = make_detector("anomalydino", {{"masking", "yes"}});
    const auto scores = masked->score(masked->fit(references, 0), query);
    const auto whole = make_detector("anomalydino");
    const auto all = whole->score(whole->fit(references, 0), query);
    EXPECT_EQ(scores.patches[0], 0) << "ground";
    EXPECT_GT(all.patches[0], 0);
    EXPECT_EQ(scores.patches[12], all.patches[12]) << "object";
    EXPECT_GT(scores.patches[12], 0);
}

TEST(AnomalyDino, WithAMaskOfAConstantImageScoresNothing) {
    const auto detector =
        make_detector("anomalydino", {{"masking", "yes"}, {"mask_ref_images", "yes"}});
    const auto model = detector->fit(constant_images(1, {3, 4}, 5, 2), 0);
    const auto scores = detector->score(model, constant_images(2, {3, 4}, 5, 7));
    EXPECT_EQ(scores.patches, std::vector<float>(24, 0));
    EXPECT_EQ(model.at("memory").shape, (std::vector<std::int64_t>{12, 5}))
        << "all, as none is left";
}

TEST(AnomalyDino, TakesFewerRowsThanNeighbours) {
    const auto detector = make_detector("anomalydino", {{"k_neighbors", "50"}});
    const auto scores = detector->score(detector->fit(noise_images(1, {2, 3}, 4, 1), 0),
                                        noise_images(1, {2, 3}, 4, 2));
    for (const float score : scores.patches) { EXPECT_TRUE(score > 0 && score < 2) << score; }
}

TEST(AnomalyDino, KeepsItsMemoryWithinBounds) {
    const auto references = noise_images(3, {4, 3}, 6, 1);
    const auto all = make_detector("anomalydino")->fit(references, 1).at("memory");
    EXPECT_EQ(all.shape, (std::vector<std::int64_t>{36, 6}));
    const auto detector = make_detector("anomalydino", {{"max_memory_rows", "7"}});
    const auto some = detector->fit(references, 1).at("memory");
    EXPECT_EQ(some.shape, (std::vector<std::int64_t>{7, 6}));
    auto from = all.values.begin();
    for (std::size_t row = 0; row < 7; ++row) {
        const auto begin = some.values.begin() + static_cast<std::ptrdiff_t>(6 * row);
        from = std::search(from, all.values.end(), begin, begin + 6);
        ASSERT_NE(from, all.values.end()) << row;
    }
    EXPECT_NE(detector->fit(references, 2).at("memory"), some);
}

TEST(AnomalyDino, ABatchOfEqualImagesScoresZero) {
    const auto detector = make_detector("anomalydino");
    auto batch = noise_images(1, {3, 3}, 4, 1);
    auto& tokens = batch.layers[0].patches;
    const auto once = tokens;
    for (int i = 1; i < 3; ++i) {
        tokens.insert(tokens.end(), once.begin(), once.end());
        batch.ids.push_back("again" + std::to_string(i));
    }
    EXPECT_EQ(detector->score_batch(batch).images, std::vector<float>(3, 0));
    EXPECT_THROW(static_cast<void>(detector->score_batch(noise_images(1, {3, 3}, 4, 1))),
                 DataError);
}

TEST(AnomalyDino, RefusesValuesOutOfRange) {
    for (const auto& [name, value] : std::map<std::string, std::string>{{"k_neighbors", "0"},
                                                                        {"knn_metric", "L1"},
                                                                        {"masking", "maybe"},
                                                                        {"quantile", "1.5"},
                                                                        {"top_share", "-1"}}) {
        EXPECT_THROW(static_cast<void>(make_detector("anomalydino", {{name, value}})), ConfigError)
            << name;
    }
    const auto detector = make_detector("anomalydino");
    EXPECT_THROW(static_cast<void>(detector->fit(noise_images(0, {2, 2}, 3, 1), 0)), DataError);
}

}  // namespace
}  // namespace patchead
