#include <gtest/gtest.h>

#include "patchead/core/shots.hpp"
#include "patchead/plan/class_texts.hpp"
#include "patchead/plan/estimate.hpp"
#include "patchead/plan/method_options.hpp"
#include "patchead/plan/sweep_plan.hpp"
#include "toy_sweep.hpp"

namespace patchead {
namespace {

/// Few-shot and zero-shot of a detector that needs windows and words.
SweepSpec asking_words(int side_px = 240) {
    auto task = spec(6);
    task.method = default_method();
    PlannedNeeds needs;
    needs.layers = patchead::Layers().parse("layers", "last");
    needs.image_token = true;
    needs.windows = {2, 3};
    needs.prompts = "said";
    PlannedDetector detector;
    detector.name = detector.method = "winclip";
    detector.draws = false;
    detector.common.few_shot = detector.common.zero_shot = needs;
    task.detectors = {PlannedDetector{}, detector};
    task.backbones.front().windows = true;
    task.backbones.front().text = PlannedTower{{{"weights", "abc"}}, "words"};
    task.sentences[sentences_name("said", "toy", "dots")] = {{"a dot"}, {"a broken dot"}};
    task.grids = {
        {.sides_px = {side_px}, .shots = {0, 1}, .seeds = {0}, .modules = {{}}, .detectors = {1}}};
    return task;
}

std::string words_refusal(const SweepSpec& task) {
    try {
        static_cast<void>(make_plan(task));
    } catch (const ConfigError& error) { return error.what(); }
    return "";
}

// WinCLIP at its published size.
TEST(Windows, Of365CostTwelvePassesBesideTheImages) {
    const std::vector<int> sides{2, 3};
    EXPECT_EQ(window_grid({15, 15}, 2).size() + window_grid({15, 15}, 3).size(), 365);
    EXPECT_EQ(window_passes({15, 15}, sides), 12U);
    EXPECT_EQ(window_passes({15, 15}, {}), 0U);
    auto task = asking_words();
    task.backbones.front().parameters = 85'000'000;
    const auto plan = make_plan(task);
    for (const auto& unit : plan.embeds) {
        EXPECT_EQ(unit.tokens.windows, sides);
        EXPECT_EQ(unit.key.name(), unit.key.digest() + ".L6.norm.image.W2-3");
        const auto work = forward_work(plan.spec, unit);
        EXPECT_EQ(work.passes, 13 * unit.samples.size());
        const auto one = forward_flops(plan.spec.backbones[0], {15, 15});
        EXPECT_LE(work.flops, 13 * one * static_cast<double>(unit.samples.size()));
        EXPECT_GT(work.flops, 12 * one * static_cast<double>(unit.samples.size()));
    }
}

TEST(Windows, TakeBytesOfTheirNumber) {
    const auto with = make_plan(asking_words());
    auto task = asking_words();
    task.detectors[1].common.few_shot->windows = task.detectors[1].common.zero_shot->windows = {};
    const auto without = make_plan(task);
    const auto bytes = [](const SweepPlan& plan) {
        return estimate(plan, {UnitKind::embed, 0}).bytes / plan.embeds[0].samples.size();
    };
    EXPECT_EQ(bytes(with) - bytes(without), 365 * 192 * 2U);
}

TEST(ClassTexts, AreInKeysOfWhatTheyDecideAlone) {
    const auto plan = make_plan(asking_words());
    auto task = asking_words();
    task.sentences.begin()->second.anomalous = {"a bad dot"};
    const auto other = make_plan(task);
    EXPECT_EQ(plan.embeds[0].key, other.embeds[0].key);
    EXPECT_NE(plan.fits[0].key, other.fits[0].key);
    ASSERT_EQ(plan.detects.size(), other.detects.size());
    for (std::size_t i = 0; i < plan.detects.size(); ++i) {
        EXPECT_NE(plan.detects[i].key, other.detects[i].key) << i;
    }
}

TEST(ClassTexts, NeedATextTowerAndWindowsANetworkThatGivesThem) {
    EXPECT_EQ(words_refusal(asking_words()), "");
    auto mute = asking_words();
    mute.backbones.front().text.reset();
    EXPECT_NE(words_refusal(mute).find("detector winclip with backbone 'net' (it compares images"),
              std::string::npos)
        << words_refusal(mute);
    auto blind = asking_words();
    blind.backbones.front().windows = false;
    EXPECT_NE(words_refusal(blind).find("needs embeddings of windows"), std::string::npos);
    auto tiled = asking_words();
    tiled.method.features.tiling = {64, 0};
    EXPECT_NE(words_refusal(tiled).find("--tile"), std::string::npos) << words_refusal(tiled);
}

}  // namespace
}  // namespace patchead
