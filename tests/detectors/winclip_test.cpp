#include <gtest/gtest.h>

#include "patchead/core/error.hpp"
#include "patchead/core/random.hpp"
#include "patchead/detectors/detector.hpp"
#include "patchead/detectors/published.hpp"

namespace patchead {
namespace {

constexpr Grid kClipGrid{5, 4};
constexpr int kShared = 6;
constexpr int kInside = 9;

PlainTensor numbers_of(const std::string& what, std::vector<std::int64_t> shape) {
    Random random(what, 8);
    std::int64_t count = 1;
    for (const auto side : shape) { count *= side; }
    std::vector<float> values(static_cast<std::size_t>(count));
    for (auto& value : values) { value = static_cast<float>(random.normal()); }
    return {std::move(shape), std::move(values)};
}

/// What a fixture of the published functions has of `images` images, and of two references.
NamedTensors winclip_inputs(std::int64_t images) {
    NamedTensors inputs{
        {"text_normal", numbers_of("normal", {3, kShared})},
        {"text_anomalous", numbers_of("anomalous", {2, kShared})},
        {"image_embedding", numbers_of("whole", {images, kShared})},
        {"patches", numbers_of("patches", {images, kClipGrid.size(), kInside})},
        {"reference_patches", numbers_of("references", {2, kClipGrid.size(), kInside})}};
    for (const int side : {2, 3}) {
        const auto windows = window_grid(kClipGrid, side).size();
        const auto name = std::to_string(side);
        inputs["windows." + name] = numbers_of("windows " + name, {images, windows, kShared});
        inputs["reference_windows." + name] =
            numbers_of("reference windows " + name, {2, windows, kShared});
    }
    return inputs;
}

/// The same as a detector sees it.
DetectorImages seen_images(const NamedTensors& inputs, const std::string& prefix) {
    const auto& patches = inputs.at(prefix + "patches");
    DetectorImages images;
    for (std::int64_t i = 0; i < patches.shape[0]; ++i) {
        images.ids.push_back("image" + std::to_string(i));
    }
    images.layers = {{12, kClipGrid, kInside, patches.values, {}}};
    images.image_tokens = prefix.empty() ? inputs.at("image_embedding").values
                                         : std::vector<float>(images.images() * kShared, 1);
    for (const int side : {2, 3}) {
        images.windows.push_back({side, window_grid(kClipGrid, side), kShared,
                                  inputs.at(prefix + "windows." + std::to_string(side)).values});
    }
    images.texts = {inputs.at("text_normal"), inputs.at("text_anomalous")};
    images.input = {80, 64};
    return images;
}

void expect_near(const std::vector<float>& values, const std::vector<float>& expected) {
    ASSERT_EQ(values.size(), expected.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        EXPECT_NEAR(values[i], expected[i], 1e-6) << i;
    }
}

// The published functions are those that patchead verify compares with both implementations.
TEST(WinClip, ScoresAsThePublishedFunctionsDo) {
    const auto inputs = winclip_inputs(3);
    const auto published = run_published(
        {"winclip",
         R"({"grid": [5, 4], "scales": [2, 3], "temperature": 0.07, "map_size": [80, 64]})",
         inputs});
    const auto detector = make_detector("winclip");
    const auto queries = seen_images(inputs, "");
    const auto zero = detector->score_batch(queries);
    expect_near(zero.patches, published.at("zero_shot_grid").values);
    expect_near(zero.images, published.at("image_score_zero_shot").values);
    const auto few = detector->score(detector->fit(seen_images(inputs, "reference_"), 0), queries);
    auto sum = published.at("zero_shot_grid").values;
    const auto& distances = published.at("few_shot_grid").values;
    for (std::size_t i = 0; i < sum.size(); ++i) { sum[i] += distances[i]; }
    expect_near(few.patches, sum);
    expect_near(few.images, published.at("image_score_few_shot").values);
}

TEST(WinClip, ScoresAnImageTheSameInAnyBatch) {
    const auto detector = make_detector("winclip");
    const auto three = detector->score_batch(seen_images(winclip_inputs(3), ""));
    auto inputs = winclip_inputs(3);
    auto one = seen_images(inputs, "");
    one.ids.resize(1);
    one.layers[0].patches.resize(one.layers[0].patches.size() / 3);
    one.image_tokens.resize(kShared);
    for (auto& windows : one.windows) { windows.values.resize(windows.values.size() / 3); }
    const auto alone = detector->score_batch(one);
    EXPECT_EQ(alone.images[0], three.images[0]);
    EXPECT_TRUE(std::equal(alone.patches.begin(), alone.patches.end(), three.patches.begin()));
}

TEST(WinClip, HasOptionsWhereImplementationsDisagree) {
    const auto images = seen_images(winclip_inputs(2), "");
    const auto plain = make_detector("winclip")->score_batch(images);
    EXPECT_NE(make_detector("winclip", {{"text_mean", "unit"}})->score_batch(images).images,
              plain.images);
    EXPECT_NE(make_detector("winclip", {{"scales", "2"}})->score_batch(images).patches,
              plain.patches);
    EXPECT_FALSE(
        make_detector("winclip", {{"final_norm", "no"}})->needs(Setting::few_shot).final_norm);
    EXPECT_EQ(make_detector("winclip", {{"scales", "3,2,3"}})->needs(Setting::few_shot).windows,
              (std::vector{2, 3}));
    for (const auto& [name, value] : {std::pair{"scales", "0"},
                                      {"temperature", "0"},
                                      {"text_mean", "median"},
                                      {"prompts", ""}}) {
        EXPECT_THROW(static_cast<void>(make_detector("winclip", {{name, value}})), ConfigError);
    }
}

TEST(WinClip, SaysWhatItLacks) {
    const auto detector = make_detector("winclip");
    auto images = seen_images(winclip_inputs(2), "");
    images.windows.pop_back();
    EXPECT_THROW(static_cast<void>(detector->score_batch(images)), DataError);
    images = seen_images(winclip_inputs(2), "");
    images.texts = {};
    EXPECT_THROW(static_cast<void>(detector->score_batch(images)), DataError);
    images = seen_images(winclip_inputs(2), "");
    images.image_tokens.clear();
    EXPECT_THROW(static_cast<void>(detector->score_batch(images)), DataError);
}

TEST(WinClip, CountsCosinesOfTextsAndReferences) {
    const auto inputs = winclip_inputs(1);
    const auto detector = make_detector("winclip");
    ScoringWork work;
    work.layers = {{kClipGrid, kInside}};
    const int windows[]{window_grid(kClipGrid, 2).size(), window_grid(kClipGrid, 3).size()};
    for (const auto& [name, array] : detector->fit(seen_images(inputs, "reference_"), 0)) {
        work.model[name] = array.shape;
    }
    const double texts = 4.0 * kShared * (1 + windows[0] + windows[1]);
    const double patches = 2.0 * kClipGrid.size() * 2 * kClipGrid.size() * kInside;
    const double of_windows = 4.0 * kShared * (windows[0] * windows[0] + windows[1] * windows[1]);
    EXPECT_EQ(detector->scoring_flops(work), texts + patches + of_windows);
}

}  // namespace
}  // namespace patchead
