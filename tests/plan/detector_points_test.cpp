#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "patchead/plan/input_shapes.hpp"
#include "patchead/plan/method_options.hpp"
#include "patchead/plan/units.hpp"
#include "toy_sweep.hpp"

namespace patchead {
namespace {

PlannedNeeds needs(const char* layers, bool final_norm = false,
                   ReferenceCopies copies = ReferenceCopies::none) {
    return {Layers().parse("layers", layers), final_norm, false, copies};
}

PlannedDetector detector(const std::string& name, DetectorSettings settings) {
    PlannedDetector planned;
    planned.name = name;
    planned.method = name;
    planned.common = std::move(settings);
    return planned;
}

/// Of a few-shot detector: as `DetectorSettings`.
DetectorSettings few_shot_only() { return {{{"k", "1"}}, needs("2,4"), {}}; }
DetectorSettings both_settings() { return {{{"k", "1"}}, needs("2,4"), needs("2,4")}; }

/// PatchEAD and another one, without masks.
SweepSpec with(const DetectorSettings& settings) {
    auto task = spec(40);
    task.method = default_method();
    task.detectors = {detector("patchead", {}), detector("other", settings)};
    task.grids[0].modules = {{}};
    task.grids[0].detectors = {0, 1};
    return task;
}

std::vector<EvaluateUnit> points_of_other(const SweepPlan& plan) {
    std::vector<EvaluateUnit> found;
    for (const auto& unit : plan.evaluates) {
        if (unit.detector == 1) { found.push_back(unit); }
    }
    return found;
}

TEST(DetectorPoints, LeaveThoseOfPatchEadAsTheyAre) {
    auto alone = with(both_settings());
    alone.detectors.clear();
    alone.grids[0].detectors.clear();
    const auto plain = make_plan(alone);
    const auto plan = make_plan(with(both_settings()));
    std::set<std::string> keys;
    for (const auto& unit : plan.evaluates) {
        if (unit.detector == kPatchEad) { keys.insert(unit.key.digest()); }
    }
    ASSERT_EQ(keys.size(), plain.evaluates.size());
    for (const auto& unit : plain.evaluates) { EXPECT_TRUE(keys.contains(unit.key.digest())); }
    EXPECT_EQ(plan.matches.size(), plain.matches.size());
    EXPECT_EQ(plan.embeds.size(), plain.embeds.size()) << "layers come from the same passes";
    EXPECT_EQ(plain.fits.size() + plain.detects.size(), 0U);
}

TEST(DetectorPoints, HaveAModelOfEachPromptListAndScoresOfEachBlock) {
    const auto plan = make_plan(with(both_settings()));
    EXPECT_EQ(plan.fits.size(), 4U) << "1 and 2 shots, 2 seeds";
    EXPECT_EQ(points_of_other(plan).size(), 6U);
    for (const auto& unit : points_of_other(plan)) {
        EXPECT_TRUE(unit.matches.empty());
        std::size_t scored = 0;
        for (const auto i : unit.detects) {
            const auto& detect = plan.detects[i];
            EXPECT_EQ(detect.fit.has_value(), unit.shots > 0);
            if (detect.fit) {
                EXPECT_EQ(plan.fits[*detect.fit].references.size(), std::size_t(unit.shots));
            }
            scored += detect.owned;
        }
        EXPECT_EQ(scored, unit.tests.size());
    }
}

TEST(DetectorPoints, PassesGiveWhatTheyNeed) {
    const auto plan = make_plan(with(both_settings()));
    for (const auto& unit : plan.embeds) {
        EXPECT_EQ(unit.tokens, (TokenRequest{in_form(TokenForm::raw, {2, 4})}));
    }
}

TEST(DetectorPoints, LayersInTwoFormsComeFromOnePass) {
    auto task = with(both_settings());
    const auto one = make_plan(task);
    auto normed = both_settings();
    normed.few_shot = normed.zero_shot = needs("4,6", true);
    task.detectors.push_back(detector("third", normed));
    task.grids[0].detectors = {0, 1, 2};
    const auto plan = make_plan(task);
    ASSERT_EQ(plan.embeds.size(), one.embeds.size());
    std::set<std::string> keys;
    for (std::size_t i = 0; i < plan.embeds.size(); ++i) {
        EXPECT_EQ(text_of(plan.embeds[i].tokens), "L4-6.norm.L2-4.raw");
        EXPECT_EQ(plan.embeds[i].key.digest(), one.embeds[i].key.digest());
        EXPECT_EQ(plan.embeds[i].key.tokens(), plan.embeds[i].tokens);
        keys.insert(plan.embeds[i].key.digest());
    }
    EXPECT_EQ(keys.size(), plan.embeds.size());
    const auto keys_of_other = [](const SweepPlan& made) {
        std::set<std::string> found;
        for (const auto& unit : points_of_other(made)) { found.insert(unit.key.digest()); }
        return found;
    };
    EXPECT_EQ(keys_of_other(plan), keys_of_other(one)) << "what stands beside it changes nothing";
}

TEST(DetectorPoints, CopiesAreReferencesBesideTheirPrompt) {
    auto settings = few_shot_only();
    settings.few_shot = needs("2,4", false, ReferenceCopies::rot90);
    const auto plan = make_plan(with(settings));
    for (const auto& fit : plan.fits) {
        std::vector<Version> versions;
        for (const auto& image : fit.references) {
            const auto& embed = plan.embeds[image.embed];
            versions.push_back(embed.copies ? embed.copies->versions[image.row]
                                            : Version::original);
        }
        const std::vector<Version> of_prompt{Version::original, Version::turned_90,
                                             Version::turned_180, Version::turned_270};
        ASSERT_EQ(versions.size() % of_prompt.size(), 0U);
        for (std::size_t i = 0; i < versions.size(); ++i) {
            EXPECT_EQ(versions[i], of_prompt[i % of_prompt.size()]);
        }
    }
}

TEST(DetectorPoints, TurnsAreReferencesBesideTheirPrompt) {
    auto settings = few_shot_only();
    settings.few_shot->turns = 30;
    const auto plan = make_plan(with(settings));
    for (const auto& fit : plan.fits) { EXPECT_EQ(fit.references.size() % 31, 0U); }
    settings.few_shot->turns = 3;
    const auto quarters = make_plan(with(settings));
    settings.few_shot = needs("2,4", false, ReferenceCopies::rot90);
    EXPECT_EQ(quarters.fits.front().key, make_plan(with(settings)).fits.front().key)
        << "the same turns are the same copies";
}

TEST(DetectorPoints, ThatCannotBeAreTold) {
    auto task = with(few_shot_only());
    task.grids[0].modules = {{false, false}, {false, true}};
    const auto plan = make_plan(task);
    for (const auto& unit : points_of_other(plan)) {
        EXPECT_GT(unit.shots, 0);
        EXPECT_EQ(unit.modules, Modules{});
    }
    ASSERT_EQ(plan.notes.size(), 2U);
    EXPECT_NE(plan.notes[0].find("other has no batch zero-shot mode"), std::string::npos);
    EXPECT_NE(plan.notes[1].find("takes no modules"), std::string::npos);
}

TEST(DetectorPoints, KeysDependOnOptionsLayersSeedsAndImages) {
    const auto key_of_first = [](const SweepSpec& task) {
        return points_of_other(make_plan(task)).back().key.digest();
    };
    std::set<std::string> keys{key_of_first(with(few_shot_only()))};
    auto task = with(few_shot_only());
    task.detectors[1].common.options["k"] = "2";
    keys.insert(key_of_first(task));
    task = with(few_shot_only());
    task.detectors[1].method = "third";
    keys.insert(key_of_first(task));
    task = with(few_shot_only());
    task.detectors[1].common.few_shot = needs("3,4");
    keys.insert(key_of_first(task));
    task = with(few_shot_only());
    task.detectors[1].common.few_shot = needs("2,4", true);
    keys.insert(key_of_first(task));
    task = with(few_shot_only());
    task.detectors[1].common.smooth_sigma_px = 4;
    keys.insert(key_of_first(task));
    task = with(few_shot_only());
    task.detectors[1].draws = false;
    keys.insert(key_of_first(task));
    EXPECT_EQ(keys.size(), 7U);
    task = with(few_shot_only());
    task.detectors[1].name = "other:published";
    EXPECT_TRUE(keys.contains(key_of_first(task))) << "what it is called determines nothing";
}

TEST(DetectorPoints, OptionsMayBeThoseOfADataSetOrCategory) {
    auto task = with(few_shot_only());
    auto of_toy = few_shot_only();
    of_toy.options["k"] = "5";
    task.detectors[1].own = {{"toy", of_toy}};
    const auto by_dataset = points_of_other(make_plan(task)).front().key;
    task.detectors[1].own = {{"toy/dots", of_toy}, {"toy", few_shot_only()}};
    EXPECT_EQ(points_of_other(make_plan(task)).front().key, by_dataset);
    task.detectors[1].own = {{"another", of_toy}};
    EXPECT_FALSE(points_of_other(make_plan(task)).front().key == by_dataset);
}

TEST(DetectorPoints, MapsAreThoseOfTheDetectorUnlessAllShallBeAlike) {
    auto settings = few_shot_only();
    settings.interpolation = Interpolation::nearest;
    settings.smooth_sigma_px = 4;
    auto task = with(settings);
    auto unit = points_of_other(make_plan(task)).front();
    EXPECT_EQ(unit.metrics.interpolation, Interpolation::nearest);
    EXPECT_EQ(unit.metrics.smooth_sigma_px, 4);
    task.detectors[1].published_maps = false;
    unit = points_of_other(make_plan(task)).front();
    EXPECT_EQ(unit.metrics.interpolation, task.method.metrics.interpolation);
    EXPECT_EQ(unit.metrics.smooth_sigma_px, task.method.metrics.smooth_sigma_px);
}

TEST(DetectorPoints, GraphHasOnlyWhatTheyNeed) {
    auto task = with(few_shot_only());
    task.grids[0].detectors = {1};
    const auto plan = make_plan(task);
    EXPECT_TRUE(plan.matches.empty());
    const auto graph = make_graph(plan, nothing(plan));
    std::map<UnitKind, std::size_t> count;
    for (std::size_t task_number = 0; task_number < graph.units.size(); ++task_number) {
        ++count[graph.units[task_number].kind];
        for (const auto need : graph.tasks[task_number].needs) { EXPECT_LT(need, task_number); }
    }
    EXPECT_EQ(count[UnitKind::fit], plan.fits.size());
    EXPECT_EQ(count[UnitKind::detect], plan.detects.size());
    EXPECT_EQ(count[UnitKind::evaluate], 4U);
    EXPECT_TRUE(make_graph(plan, stored(plan, true)).tasks.empty());
    auto without_scores = stored(plan, true);
    without_scores.of(UnitKind::evaluate).assign(plan.evaluates.size(), false);
    EXPECT_EQ(make_graph(plan, without_scores).tasks.size(), plan.evaluates.size());
}

/// Whether all units of a kind, of which there are some, need the device.
bool are_of_device(const SweepPlan& plan, UnitKind kind) {
    const auto graph = make_graph(plan, nothing(plan));
    std::set<bool> found;
    for (std::size_t i = 0; i < graph.units.size(); ++i) {
        if (graph.units[i].kind == kind) { found.insert(graph.tasks[i].needs_device); }
    }
    EXPECT_EQ(found.size(), 1U);
    return found.contains(true);
}

TEST(DetectorPoints, NeedTheDeviceForPassesAndMatchesAlone) {
    const auto plan = make_plan(with(both_settings()));
    for (const auto kind : {UnitKind::embed, UnitKind::match}) {
        EXPECT_TRUE(are_of_device(plan, kind));
    }
    for (const auto kind : {UnitKind::fit, UnitKind::detect, UnitKind::evaluate}) {
        EXPECT_FALSE(are_of_device(plan, kind));
    }
}

TEST(DetectorPoints, NeedTheDeviceForSentences) {
    auto plan = make_plan(with(both_settings()));
    plan.spec.detectors[1].common.few_shot->prompts = "winclip";
    const auto zero_shot = std::ranges::find_if(plan.detects, [](auto& unit) { return !unit.fit; });
    const UnitRef batch{UnitKind::detect,
                        static_cast<std::size_t>(zero_shot - plan.detects.begin())};
    EXPECT_TRUE(are_of_device(plan, UnitKind::fit));
    EXPECT_FALSE(are_of_device(plan, UnitKind::detect)) << "models have them";
    plan.spec.detectors[1].common.zero_shot->prompts = "winclip";
    EXPECT_TRUE(needs_device(plan, batch));
}

TEST(DetectorPoints, ALayerTooDeepIsRefused) {
    auto settings = few_shot_only();
    settings.few_shot = needs("7");
    EXPECT_THROW(static_cast<void>(make_plan(with(settings))), ConfigError);
}

TEST(DetectorPoints, ImagesOfAnotherShapeAreRefused) {
    auto task = with(few_shot_only());
    task.method.features.resize = Resize::shorter;
    EXPECT_NO_THROW(static_cast<void>(make_plan(task)));
    task.samples.front().size = {256, 512};
    EXPECT_THROW(static_cast<void>(make_plan(task)), ConfigError);
}

TEST(DetectorPoints, ScoresLieInPatchesOfTheFirstLayer) {
    auto task = with(few_shot_only());  // Layers 2 and 4.
    const auto squashed = make_plan(task);
    EXPECT_TRUE(shapes_of_scores(squashed, squashed.detects.front()).empty());
    task.method.features.resize = Resize::shorter;
    const auto plain = make_plan(task);
    EXPECT_EQ(shapes_of_scores(plain, plain.detects.front()).front().grid, (Grid{14, 14}));
    task.backbones[0].layer_shapes = {{"a", 4, 8}, {"b", 8, 8}, {"c", 16, 8}, {"d", 32, 8}};
    task.backbones[0].layers = 4;
    const auto plan = make_plan(task);
    const auto shapes = shapes_of_scores(plan, plan.detects.front());
    EXPECT_EQ(shapes.size(), plan.detects.front().owned);
    EXPECT_EQ(shapes.front(), (InputShape{{224, 224}, {28, 28}, 8}));
}

}  // namespace
}  // namespace patchead
