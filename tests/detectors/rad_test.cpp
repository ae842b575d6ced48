#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "detectors/made_images.hpp"
#include "parts/rad_map.hpp"
#include "parts/retrieval.hpp"
#include "parts/top_share.hpp"
#include "patchead/core/error.hpp"

namespace patchead {
namespace {

const std::vector<MadeLayer> kRadLayers{{{4, 5}, 8}, {{4, 5}, 8}};

TEST(MostSimilar, GoesByCosineAndNotByLength) {
    const auto bank =
        at::tensor({9.0, 9.0, 0.0, 1.0, 0.1, 0.0, 0.0, 7.0}, at::kDouble).view({4, 2});
    const auto query = at::tensor({0.0, 2.0}, at::kDouble);
    EXPECT_EQ(most_similar(query, bank, 3), (std::vector<std::int64_t>{1, 3, 0}));
    EXPECT_EQ(most_similar(query, bank, 150).size(), 4U);
}

TEST(RegionalDistance, LooksNoFartherThanTheRadius) {
    // Patch 0 of the query is patch 2 of the reference.
    const auto rows = at::eye(4, at::kFloat);
    const auto query = rows.slice(0, 0, 3).contiguous();
    const auto bank = at::stack({rows[1], rows[2], rows[0]}).unsqueeze(0).contiguous();
    const auto of_patch_0 = [&](std::optional<int> radius) {
        return regional_distance(query, bank, {0}, {{1, 3}, radius})[0].item<double>();
    };
    EXPECT_EQ(of_patch_0(0), 1);
    EXPECT_EQ(of_patch_0(1), 1);
    EXPECT_EQ(of_patch_0(2), 0);
    EXPECT_NEAR(of_patch_0(std::nullopt), 0, 1e-12);
}

TEST(RegionalDistance, DoesNotWrapAtTheEndOfARow) {
    const auto rows = at::eye(4, at::kFloat);
    const auto bank = at::stack({rows[3], rows[0], rows[1], rows[2]}).unsqueeze(0).contiguous();
    // Patch 1 of the query, at the end of the first row, is patch 2, at the start of the second.
    const auto distance = regional_distance(rows, bank, {0}, {{2, 2}, 0});
    EXPECT_EQ(distance[1].item<double>(), 1);
}

TEST(RadMap, DarkensTheBorder) {
    const auto map = rad_map(at::ones({1, 2, 2}), {8, 8});
    EXPECT_NEAR(map[0][4][4].item<double>(), 1, 1e-12);
    EXPECT_LT(map[0][0][0].item<double>(), 0.6);
}

TEST(MeanOfTopShare, IsThatOfOnePixelAtLeast) {
    const auto map = at::arange(50, at::kDouble).view({1, 5, 10});
    EXPECT_EQ(mean_of_top_share(map, 0.04)[0].item<double>(), 48.5);
    EXPECT_EQ(mean_of_top_share(map, 0.01)[0].item<double>(), 49);
    EXPECT_TRUE(std::isnan(mean_of_top_share(map, 0.01, 0)[0].item<double>()));
    EXPECT_EQ(scaled_map({448, 224}, 256), (MapSize{256, 128}));
}

TEST(Rad, ScoresAReferenceZero) {
    const auto detector = make_detector("rad", {{"k_image", "1"}, {"pos_radius", "0"}});
    const auto references = noise_images(5, kRadLayers, 1);
    const auto scores = detector->score(detector->fit(references, 0), references);
    EXPECT_EQ(std::ranges::max(scores.patches), 0) << "each finds itself";
}

TEST(Rad, FindsLessNearTheWiderItLooks) {
    const auto references = noise_images(5, kRadLayers, 1);
    const auto queries = noise_images(2, kRadLayers, 2);
    float last = 10;
    for (const char* radius : {"0", "1", "2", "any"}) {
        const auto detector = make_detector("rad", {{"pos_radius", radius}});
        const auto scores = detector->score(detector->fit(references, 0), queries);
        const float sum = std::accumulate(scores.patches.begin(), scores.patches.end(), 0.0F);
        EXPECT_LT(sum / static_cast<float>(scores.patches.size()), last) << radius;
        last = sum / static_cast<float>(scores.patches.size());
    }
}

TEST(Rad, WeighsLayers) {
    const auto references = noise_images(2, kRadLayers, 1);
    const auto queries = noise_images(1, kRadLayers, 2);
    const auto with = [&](const char* weights) {
        const auto detector = make_detector("rad", {{"layer_weights", weights}});
        return detector->score(detector->fit(references, 0), queries).patches;
    };
    const auto first = with("1,0");
    const auto second = with("0,1");
    const auto both = with("1,3");
    for (std::size_t p = 0; p < both.size(); ++p) {
        EXPECT_NEAR(both[p], 0.25F * first[p] + 0.75F * second[p], 1e-6);
    }
    EXPECT_THROW(static_cast<void>(with("1,2,3")), DataError);
}

TEST(Rad, TakesOneReferenceAndLayersOfDifferentGrids) {
    const std::vector<MadeLayer> layers{{{6, 4}, 8}, {{3, 2}, 20}, {{1, 1}, 5}};
    auto queries = noise_images(2, layers, 3);
    make_constant(queries, 1, 0.0F);
    const auto detector = make_detector("rad");
    const auto scores = detector->score(detector->fit(noise_images(1, layers, 4), 0), queries);
    EXPECT_EQ(scores.patches.size(), 48U);
    EXPECT_TRUE(std::ranges::all_of(scores.patches, [](float v) { return std::isfinite(v); }));
}

TEST(Rad, RefusesOtherGridsAndBadValues) {
    const auto detector = make_detector("rad");
    const auto model = detector->fit(noise_images(1, kRadLayers, 4), 0);
    const auto others = noise_images(1, {{{5, 5}, 8}, {{5, 5}, 8}}, 4);
    EXPECT_THROW(static_cast<void>(detector->score(model, others)), DataError);
    for (const auto& [name, value] :
         {std::pair{"k_image", "0"}, std::pair{"pos_radius", "-1"},
          std::pair{"layer_weights", "0,0"}, std::pair{"map_size", "big"}}) {
        EXPECT_THROW(static_cast<void>(make_detector("rad", {{name, value}})), ConfigError) << name;
    }
}

}  // namespace
}  // namespace patchead
