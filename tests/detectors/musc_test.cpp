#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "detectors/made_images.hpp"
#include "parts/musc_scores.hpp"
#include "parts/rescoring.hpp"
#include "patchead/core/error.hpp"

namespace patchead {
namespace {

const std::vector<MadeLayer> kMuscLayers{{{5, 6}, 12}, {{5, 6}, 12}};

void expect_finite(const PatchScores& scores) {
    const auto is_finite = [](float value) { return std::isfinite(value); };
    EXPECT_TRUE(std::ranges::all_of(scores.patches, is_finite));
    EXPECT_TRUE(std::ranges::all_of(scores.images, is_finite));
}

/// Nine noisy versions of one image, and a last one that is another.
DetectorImages one_of_ten_is_odd() {
    auto images = noise_images(10, kMuscLayers, 3);
    const auto own = noise_images(10, kMuscLayers, 4);
    for (std::size_t i = 1; i < 9; ++i) { copy_image(images, 0, i); }
    images.image_tokens = own.image_tokens;
    for (std::size_t l = 0; l < images.layers.size(); ++l) {
        for (std::size_t v = 0; v < images.layers[l].patches.size(); ++v) {
            images.layers[l].patches[v] += 0.2F * own.layers[l].patches[v];
        }
    }
    return images;
}

TEST(MuscScores, CountThreeTenthsOfTheOthers) {
    EXPECT_EQ(mutual_count(11, 0.3), 3);
    EXPECT_EQ(mutual_count(5, 0.3), 1);
    EXPECT_EQ(mutual_count(4, 0.3), 0);
}

TEST(Rescored, KeepsScoresForOneUnitVector) {
    const auto scores = at::tensor({0.0, 0.5, 1.0}, at::kDouble);
    const auto vectors = at::tensor({1.0, 0.0, 0.6, 0.8, 0.0, 1.0}, at::kDouble).view({3, 2});
    EXPECT_TRUE(rescored(scores, vectors, 1).allclose(scores));
    // The first one: itself with weight 1, the second with 0.6.
    EXPECT_NEAR(rescored(scores, vectors, 2)[0].item<double>(), 0.3 / 1.6, 1e-12);
    EXPECT_TRUE(rescored(scores, vectors, 7).equal(rescored(scores, vectors, 3)));
}

TEST(Rescored, TakesTheLargestProductOfRawVectors) {
    const auto scores = at::tensor({0.0, 1.0}, at::kDouble);
    const auto vectors = at::tensor({1.0, 5.0}, at::kDouble).view({2, 1});
    EXPECT_EQ(rescored(scores, vectors, 1)[0].item<double>(), 1) << "not its own";
    EXPECT_EQ(rescored(scores, at::zeros({2, 1}), 2)[1].item<double>(), 1) << "nothing weighs";
}

class MuscKind : public testing::TestWithParam<const char*> {};

TEST_P(MuscKind, FindsTheOddImage) {
    const auto scores =
        make_detector(GetParam(), {{"k_list", "1"}})->score_batch(one_of_ten_is_odd());
    EXPECT_EQ(std::ranges::max_element(scores.images) - scores.images.begin(), 9);
    EXPECT_EQ(scores.images[9], 1) << "scores are scaled over the batch";
    EXPECT_EQ(std::ranges::min(scores.images), 0);
}

TEST_P(MuscKind, StandsEqualConstantAndFewImages) {
    auto images = noise_images(4, kMuscLayers, 5);
    copy_image(images, 0, 1);
    make_constant(images, 2, 3.0F);
    make_constant(images, 3, 0.0F);
    expect_finite(make_detector(GetParam())->score_batch(images));
    for (std::size_t i = 1; i < 4; ++i) { copy_image(images, 0, i); }
    const auto equal = make_detector(GetParam())->score_batch(images);
    EXPECT_EQ(equal.images, std::vector<float>(4, 0)) << "none stands out";
    EXPECT_EQ(std::ranges::max(equal.patches), 0);
}

TEST_P(MuscKind, TakesLayersOfDifferentGridsAndChannels) {
    const auto images = noise_images(6, {{{6, 4}, 8}, {{3, 2}, 20}, {{1, 1}, 5}}, 6);
    const auto scores = make_detector(GetParam())->score_batch(images);
    EXPECT_EQ(scores.grid, (Grid{6, 4}));
    EXPECT_EQ(scores.patches.size(), 6U * 24U);
    expect_finite(scores);
}

TEST_P(MuscKind, RefusesWhatCannotBe) {
    const auto refused = [](const DetectorOptions& options) {
        EXPECT_THROW(static_cast<void>(make_detector(GetParam(), options)), ConfigError);
    };
    refused({{"r_list", "2"}});
    refused({{"r_list", "1,0"}});
    refused({{"k_list", ""}});
    refused({{"topmin_max", "1.5"}});
    EXPECT_THROW(
        static_cast<void>(make_detector(GetParam())->score_batch(noise_images(1, kMuscLayers, 7))),
        DataError);
    EXPECT_THROW(
        static_cast<void>(make_detector(GetParam())->fit(noise_images(1, kMuscLayers, 7), 0)),
        ConfigError);
}

INSTANTIATE_TEST_SUITE_P(Kinds, MuscKind, testing::Values("musc", "musc2"),
                         [](const auto& test) { return std::string(test.param); });

TEST(Musc, AveragesOverWindowsAndLayers) {
    const auto images = noise_images(7, kMuscLayers, 8);
    const auto patches_with = [&images](const char* sides) {
        return make_detector("musc", {{"r_list", sides}})->score_batch(images).patches;
    };
    const auto both = patches_with("1,3");
    const auto one = patches_with("1");
    const auto three = patches_with("3");
    for (std::size_t p = 0; p < both.size(); ++p) {
        EXPECT_NEAR(both[p], (one[p] + three[p]) / 2, 1e-6);
    }
}

}  // namespace
}  // namespace patchead
