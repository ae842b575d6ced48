#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "detectors/made_images.hpp"
#include "parts/layer_mean.hpp"
#include "patchead/core/error.hpp"

namespace patchead {
namespace {

TEST(MeanOfLayers, BringsGridsAndChannelsTogether) {
    DetectorImages images;
    images.ids = {"a"};
    images.layers = {{1, {1, 2}, 2, {1, 2, 3, 4}}, {2, {1, 1}, 4, {1, 3, 5, 7}}};
    const auto mean = mean_of_layers(images).flatten();
    EXPECT_TRUE(mean.equal(at::tensor({1.5, 4.0, 2.5, 5.0}, at::kDouble)));
}

TEST(VisionAd, AsksForTurnedAndFlippedReferences) {
    EXPECT_EQ(make_detector("visionad")->needs(Setting::few_shot).copies,
              ReferenceCopies::rot90_flips);
}

TEST(VisionAd, ScoresByTheNearestOfTheMean) {
    // The mean of layers is what counts: those of the query differ from the reference's, their
    // mean does not.
    DetectorImages reference;
    reference.ids = {"a"};
    reference.input = {10, 10};
    reference.layers = {{1, {1, 1}, 2, {2, 0}}, {2, {1, 1}, 2, {0, 2}}};
    auto query = reference;
    query.layers = {{1, {1, 1}, 2, {1, 0}}, {2, {1, 1}, 2, {1, 2}}};
    const auto detector = make_detector("visionad");
    const auto model = detector->fit(reference, 0);
    EXPECT_NEAR(detector->score(model, query).patches[0], 0, 1e-6);
    query.layers[1].patches = {-1, 0};  // Their mean is 0, which is like nothing.
    EXPECT_NEAR(detector->score(model, query).patches[0], 0.5, 1e-6);
    query.layers[1].patches = {-3, -2};
    EXPECT_NEAR(detector->score(model, query).images[0], 2, 1e-6);
}

TEST(VisionAd, RefusesOtherChannelsAndBadValues) {
    const auto detector = make_detector("visionad");
    const auto model = detector->fit(noise_images(1, {{{3, 3}, 8}}, 1), 0);
    EXPECT_THROW(static_cast<void>(detector->score(model, noise_images(1, {{{3, 3}, 6}}, 1))),
                 DataError);
    EXPECT_THROW(static_cast<void>(make_detector("visionad", {{"map_size", "0"}})), ConfigError);
}

}  // namespace
}  // namespace patchead
