#include "patchead/plan/input_shapes.hpp"

#include <gtest/gtest.h>

#include "patchead/core/error.hpp"
#include "patchead/plan/estimate.hpp"
#include "toy_sweep.hpp"

namespace patchead {
namespace {

/// Images are upright, twice as high as wide, but the first test image, which lies.
SweepSpec shaped(Resize resize, const Tiling& tiling = {}) {
    auto task = spec(4);
    for (auto& sample : task.samples) { sample.size = {400, 200}; }
    std::ranges::find(task.samples, "test", &Sample::split)->size = {200, 600};
    task.grids[0].modules = {Modules{}};
    task.method.features.resize = resize;
    task.method.features.tiling = tiling;
    return task;
}

std::string refusal(const SweepSpec& task) {
    try {
        (void)make_plan(task);
    } catch (const ConfigError& error) { return error.what(); }
    return "none";
}

std::size_t forwards(const SweepPlan& plan) {
    std::size_t all = 0;
    for (std::size_t i = 0; i < plan.embeds.size(); ++i) {
        all += most_forwards(plan, {UnitKind::embed, i});
    }
    return all;
}

TEST(InputShapes, AFrameHoldsEveryImageOfTheCategoryThatTakesPart) {
    const auto plan = make_plan(shaped(Resize::shorter));
    for (const auto& unit : plan.embeds) {
        EXPECT_EQ(unit.frame, (Grid{28, 42})) << "224 px by 16: 28 x 14 and 14 x 42";
        EXPECT_NE(unit.key.json().find("\"grid\":\"28x42\""), std::string::npos);
    }
    for (const auto& unit : make_plan(shaped(Resize::squash)).embeds) {
        EXPECT_EQ(unit.frame, (Grid{14, 14}));
        EXPECT_EQ(unit.key.json().find("grid"), std::string::npos) << "as in stores from before";
    }
    auto task = shaped(Resize::shorter);
    task.samples.back().size = {9000, 200};
    EXPECT_EQ(make_plan(task).embeds[0].frame.rows, 9000 / 200 * 14);
    task.samples.back().size = {};
    EXPECT_EQ(make_plan(task).embeds[0].frame.rows, 28) << "no size: it takes no part";
}

TEST(InputShapes, AreThoseOfTheImages) {
    const auto plan = make_plan(shaped(Resize::longer));
    const auto& unit = plan.embeds[0];
    const auto shapes = shapes_of(plan, std::vector<ImageRef>{{0, 0}, {0, 1}});
    EXPECT_EQ(shapes[0], shape_of(plan.spec, unit.samples[0], 0, 224));
    EXPECT_EQ(shapes[0].grid, (Grid{4, 14}));
    EXPECT_EQ(shapes[1].grid, (Grid{14, 7}));
    EXPECT_TRUE(shapes_of(make_plan(shaped(Resize::squash)), std::vector<ImageRef>{{}}).empty());
    EXPECT_EQ(picture_size(plan.spec, plan.evaluates[0], unit.samples[0]), (MapSize{74, 224}));
}

TEST(InputShapes, TilesAreForwardPasses) {
    // Of 28 x 14 and 14 x 42 patches, in tiles of 7: 4 x 2 and 2 x 6.
    const auto whole = make_plan(shaped(Resize::shorter));
    const auto tiled = make_plan(shaped(Resize::shorter, {112, 0}));
    const auto images = forwards(whole);
    EXPECT_EQ(forwards(tiled), 8 * (images - 1) + 12);
    const auto one = forward_work(tiled.spec, 0, {{448, 224}, {28, 14}, 16}, 3);
    EXPECT_EQ(one.images, 3U);
    EXPECT_EQ(one.passes, 24U);
    EXPECT_DOUBLE_EQ(one.flops, 24 * forward_flops(tiled.spec.backbones[0], {7, 7}));
    EXPECT_EQ(pass_side(tiled.spec.method.features, 224), 112);
    EXPECT_EQ(pass_side(tiled.spec.method.features, 64), 64);
}

TEST(InputShapes, FixedVersionsOfAPromptAreReferencesBesideIt) {
    auto task = shaped(Resize::shorter);
    task.method.prompts.copies = ReferenceCopies::rot45;
    task.grids[0].shots = {2};
    task.grids[0].seeds = {0};
    const auto plan = make_plan(task);
    const auto& references = plan.matches[0].references;
    ASSERT_EQ(references.size(), 2U * 8);
    for (std::size_t i = 0; i < references.size(); ++i) {
        const auto& unit = plan.embeds[references[i].embed];
        EXPECT_EQ(unit.samples[references[i].row], plan.evaluates[0].prompts[i / 8]);
        EXPECT_EQ(unit.copies.has_value(), i % 8 != 0);
        if (!unit.copies) { continue; }
        EXPECT_EQ(unit.copies->versions[references[i].row], static_cast<Version>(2 + i % 8));
        EXPECT_EQ(unit.frame, (Grid{28, 42}));
    }
}

TEST(InputShapes, WhatDoesNotFitIsRefused) {
    auto task = shaped(Resize::shorter);
    task.grids[0].modules = {{true, false}};
    EXPECT_NE(refusal(task).find("200 x 600 px"), std::string::npos) << refusal(task);
    for (auto& sample : task.samples) { sample.size = {300, 300}; }
    EXPECT_EQ(refusal(task), "none") << "squares can be aligned";

    task = shaped(Resize::squash, {112, 0});
    task.grids[0].modules = {{false, true}};
    EXPECT_NE(refusal(task).find("--mask-source object"), std::string::npos) << refusal(task);
    task.method.masking.source = MaskSource::object;
    EXPECT_EQ(refusal(task), "none");

    EXPECT_NE(refusal(shaped(Resize::squash, {100, 16})).find("--tile 96:16"), std::string::npos);
    task = shaped(Resize::longer);
    task.samples[0].size = {10, 900};
    EXPECT_NE(refusal(task).find("--patch-fit pad"), std::string::npos) << refusal(task);
    task.method.features.patch_fit = PatchFit::pad;
    EXPECT_EQ(refusal(task), "none");
}

TEST(InputShapes, ANetworkOfOneSizeTakesTilesOfIt) {
    auto task = shaped(Resize::shorter);
    task.backbones[0].fixed_size = true;
    task.backbones[0].image_px = 112;
    EXPECT_NE(refusal(task).find("takes 112 px only"), std::string::npos) << refusal(task);
    task.method.features.tiling = {112, 16};
    EXPECT_EQ(refusal(task), "none");
    task.method.features.tiling = {96, 16};
    EXPECT_NE(refusal(task), "none");
}

}  // namespace
}  // namespace patchead
