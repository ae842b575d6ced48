/// \file
/// \brief PatchCore, PaDiM, SPADE and FastRecon on what networks of other kinds give, and on
/// little.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "patchead/core/error.hpp"
#include "patchead/core/random.hpp"
#include "patchead/detectors/detector.hpp"

namespace patchead {
namespace {

/// Layers of a CNN: each has another grid and other channels.
DetectorImages cnn_images(std::size_t images, std::uint64_t seed) {
    Random random("memory detectors", seed);
    DetectorImages result;
    for (std::size_t i = 0; i < images; ++i) { result.ids.push_back("image" + std::to_string(i)); }
    for (std::size_t e = 0; e < images * 3; ++e) {
        result.image_tokens.push_back(static_cast<float>(random.normal()));
    }
    const auto add = [&](Grid grid, int dim) {
        LayerTokens layer{.grid = grid, .dim = dim, .patches = {}};
        for (std::size_t i = 0; i < images * static_cast<std::size_t>(grid.size() * dim); ++i) {
            layer.patches.push_back(static_cast<float>(random.normal()));
        }
        result.layers.push_back(layer);
    };
    add({8, 6}, 5);
    add({4, 3}, 9);
    add({3, 2}, 12);
    result.input = {64, 48};
    return result;
}

bool all_finite(const PatchScores& scores) {
    const auto is_finite = [](float value) { return std::isfinite(value); };
    return std::ranges::all_of(scores.patches, is_finite) &&
           std::ranges::all_of(scores.images, is_finite);
}

class MemoryDetector : public testing::TestWithParam<const char*> {};

TEST_P(MemoryDetector, TakesTheLayersOfACnn) {
    const auto detector = make_detector(GetParam());
    for (const std::size_t shots : {1U, 2U, 5U}) {
        const auto scores =
            detector->score(detector->fit(cnn_images(shots, 1), 0), cnn_images(2, 2));
        EXPECT_EQ(scores.grid, (Grid{8, 6}));
        EXPECT_EQ(scores.patches.size(), 96U);
        EXPECT_EQ(scores.images.size(), 2U);
        EXPECT_TRUE(all_finite(scores)) << shots;
    }
}

TEST_P(MemoryDetector, TakesImagesOfOneColour) {
    auto constant = cnn_images(2, 3);
    for (auto& layer : constant.layers) { std::ranges::fill(layer.patches, 1.5F); }
    std::ranges::fill(constant.image_tokens, 0.5F);
    const auto detector = make_detector(GetParam());
    EXPECT_TRUE(all_finite(detector->score(detector->fit(constant, 0), cnn_images(2, 4))));
    EXPECT_TRUE(all_finite(detector->score(detector->fit(cnn_images(1, 4), 0), constant)));
}

TEST_P(MemoryDetector, RefusesToFitNothing) {
    EXPECT_THROW(static_cast<void>(make_detector(GetParam())->fit({}, 0)), DataError);
}

INSTANTIATE_TEST_SUITE_P(Each, MemoryDetector,
                         testing::Values("patchcore", "padim", "spade", "fastrecon"),
                         [](const auto& test) { return std::string(test.param); });

float highest_patch(const PatchScores& scores) { return std::ranges::max(scores.patches); }

TEST(PatchCore, KnowsWhatItHasSeen) {
    const auto images = cnn_images(2, 5);
    const auto all = make_detector("patchcore", {{"coreset", "1"}});
    EXPECT_EQ(highest_patch(all->score(all->fit(images, 0), images)), 0);
    const auto some = make_detector("patchcore", {{"coreset", "0.25"}});
    const auto model = some->fit(images, 0);
    EXPECT_EQ(model.at("memory").shape, (std::vector<std::int64_t>{24, 12}));
    EXPECT_EQ(model.at("start_points").values.size(), 10U);
    EXPECT_GT(highest_patch(some->score(model, images)), 0);
}

TEST(PatchCore, DrawsBySeed) {
    const auto images = cnn_images(2, 6);
    const auto detector = make_detector("patchcore");
    EXPECT_NE(detector->fit(images, 1).at("start_points"),
              detector->fit(images, 2).at("start_points"));
}

TEST(PatchCore, ReweightsOnlyTheImage) {
    const auto references = cnn_images(2, 7);
    const auto queries = cnn_images(1, 8);
    const auto plain = make_detector("patchcore");
    const auto model = plain->fit(references, 0);
    const auto scores = plain->score(model, queries);
    const auto weighted =
        make_detector("patchcore", {{"image_score", "reweighted"}})->score(model, queries);
    const auto unweighted = make_detector("patchcore", {{"image_score", "reweighted"}, {"b", "1"}})
                                ->score(model, queries);
    EXPECT_EQ(weighted.patches, scores.patches);
    EXPECT_NEAR(unweighted.images[0], std::sqrt(scores.images[0]), 1e-5);
    EXPECT_LT(weighted.images[0], unweighted.images[0]);
    EXPECT_GT(weighted.images[0], 0);
}

TEST(PatchCore, RefusesOptionsOutOfRange) {
    for (const auto& [option, value] :
         std::vector<std::pair<std::string, std::string>>{{"patchsize", "4"},
                                                          {"k", "0"},
                                                          {"coreset", "0"},
                                                          {"coreset", "1.5"},
                                                          {"starts", "0"},
                                                          {"image_score", "mean"}}) {
        EXPECT_THROW(static_cast<void>(make_detector("patchcore", {{option, value}})), ConfigError)
            << option;
    }
}

TEST(PatchCore, RefusesAMemoryOfAnotherWidth) {
    const auto detector = make_detector("patchcore");
    const auto model = detector->fit(cnn_images(1, 9), 0);
    auto other = cnn_images(1, 9);
    other.layers.pop_back();
    EXPECT_THROW(static_cast<void>(detector->score(model, other)), DataError);
}

TEST(Padim, ChoosesChannelsBySeed) {
    const auto detector = make_detector("padim", {{"d", "7"}});
    const auto images = cnn_images(3, 10);
    const auto model = detector->fit(images, 1);
    EXPECT_EQ(model.at("channels").values.size(), 7U);
    EXPECT_EQ(model.at("mean").shape, (std::vector<std::int64_t>{48, 7}));
    EXPECT_NE(model.at("channels"), detector->fit(images, 2).at("channels"));
}

TEST(Padim, RefusesOtherPositions) {
    const auto detector = make_detector("padim");
    const auto model = detector->fit(cnn_images(2, 11), 0);
    auto other = cnn_images(1, 11);
    other.layers.erase(other.layers.begin());
    EXPECT_THROW(static_cast<void>(detector->score(model, other)), DataError);
}

TEST(Spade, ComparesWithTheNearestImagesAlone) {
    // The query is the second reference: with one image near, nothing is apart.
    const auto references = cnn_images(3, 12);
    DetectorImages query{{"query"}, {}, {}, {}, references.input};
    for (const auto& layer : references.layers) {
        const auto size = static_cast<std::ptrdiff_t>(layer.grid.size() * layer.dim);
        const auto begin = layer.patches.begin() + size;
        query.layers.push_back({layer.layer, layer.grid, layer.dim, {begin, begin + size}});
    }
    query.image_tokens = {references.image_tokens.begin() + 3, references.image_tokens.begin() + 6};
    for (const char* pooled : {"token", "mean"}) {
        const auto detector = make_detector("spade", {{"top_k", "1"}, {"pooled", pooled}});
        const auto scores = detector->score(detector->fit(references, 0), query);
        EXPECT_EQ(scores.images[0], 0) << pooled;
        EXPECT_EQ(highest_patch(scores), 0) << pooled;
    }
    const auto three = make_detector("spade", {{"top_k", "3"}});
    EXPECT_GT(three->score(three->fit(references, 0), query).images[0], 0);
}

TEST(Spade, WantsTokensUnlessItTakesMeans) {
    auto images = cnn_images(2, 13);
    images.image_tokens.clear();
    EXPECT_THROW(static_cast<void>(make_detector("spade")->fit(images, 0)), DataError);
    const auto detector = make_detector("spade", {{"pooled", "mean"}});
    EXPECT_FALSE(detector->needs(Setting::few_shot).image_token);
    EXPECT_NO_THROW(static_cast<void>(detector->fit(images, 0)));
}

TEST(FastRecon, KnowsOneReferenceOfWhichItHasAllPatches) {
    // Where rows span all, (Q + lambda mean) / (1 + lambda) of the reference itself is the patch.
    const auto images = cnn_images(1, 14);
    const auto detector = make_detector("fastrecon", {{"coreset", "1"}});
    EXPECT_NEAR(highest_patch(detector->score(detector->fit(images, 0), images)), 0, 1e-5);
}

}  // namespace
}  // namespace patchead
