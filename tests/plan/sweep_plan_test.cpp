#include "patchead/plan/sweep_plan.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <gtest/gtest.h>

#include "patchead/core/error.hpp"
#include "toy_sweep.hpp"

namespace patchead {
namespace {

TEST(MakePlan, HasAPointForEveryCombination) {
    const auto plan = make_plan(spec());
    EXPECT_EQ(plan.evaluates.size(), 3U * 2 * 2);
    std::set<std::string> keys;
    for (const auto& unit : plan.evaluates) { keys.insert(unit.key.digest()); }
    EXPECT_EQ(keys.size(), plan.evaluates.size());
}

/// Grids that overlap in one point; the second one needs more prompts.
SweepSpec overlapping() {
    auto task = spec();
    const Modules none{};
    const Modules mask{false, true};
    task.grids = {{{"toy"}, {0}, {0, 448}, {0, 1}, {0}, {none}},
                  {{"toy"}, {0}, {224}, {1, 4}, {0}, {none, mask}},
                  {{"other"}, {0}, {224}, {8}, {0}, {none}}};
    task.backbones[0].image_px = 224;
    return task;
}

TEST(MakePlan, ComputesAPointOfSeveralGridsOnce) {
    const auto plan = make_plan(overlapping());
    EXPECT_EQ(plan.evaluates.size(), 4U + 3U);
    EXPECT_EQ(plan.merged_points, 1U);
    for (const auto& unit : plan.evaluates) { EXPECT_LT(unit.shots, 8); }
}

TEST(MakePlan, TakesAsManyPromptsAsASeedsPointsNeed) {
    const auto task = overlapping();
    const auto plan = make_plan(task);
    for (const auto& unit : plan.evaluates) {
        if (unit.shots == 0) { continue; }
        const auto& match = plan.matches[unit.matches.front().front()];
        EXPECT_EQ(match.references.size(), unit.side_px == 448 ? 1U : 4U);
    }
    EXPECT_EQ(needed_samples(task).size(), 70U + 4U);
}

TEST(MakePlan, MatchesOncePerSeedForAllShotsAndModules) {
    const auto plan = make_plan(spec());
    // 70 tests: 3 blocks of queries for few-shot and 2 batches for zero-shot, for each seed.
    EXPECT_EQ(plan.matches.size(), 2U * (3 + 2));
}

TEST(MakePlan, EmbedsEveryNeededImageOnce) {
    const auto task = spec();
    const auto plan = make_plan(task);
    std::multiset<std::size_t> embedded;
    for (const auto& unit : plan.embeds) {
        embedded.insert(unit.samples.begin(), unit.samples.end());
        EXPECT_LE(unit.samples.size(), task.method.units.block_images);
    }
    const auto needed = needed_samples(task);
    EXPECT_EQ(std::vector(embedded.begin(), embedded.end()), needed);
}

TEST(MakePlan, ShotsArePrefixesOfOnePromptList) {
    const auto plan = make_plan(spec());
    for (const auto& unit : plan.evaluates) {
        EXPECT_EQ(unit.prompts.size(), static_cast<std::size_t>(unit.shots));
        for (const auto& other : plan.evaluates) {
            if (unit.shots == 1 && other.shots == 2 && unit.seed == other.seed) {
                EXPECT_EQ(unit.prompts[0], other.prompts[0]);
            }
        }
    }
}

/// Digest of the first artifact of each kind, after `change`.
template <class Change>
std::array<std::string, 3> keys_after(Change change) {
    auto task = spec();
    change(task);
    const auto plan = make_plan(task);
    return {plan.embeds[0].key.digest(), plan.matches[0].key.digest(),
            plan.evaluates[0].key.digest()};
}

// Masks by objects in the picture do without attention, so without features.
TEST(MakeGraph, ReadsNoFeaturesForMasksByObjects) {
    auto task = spec();
    task.grids[0].modules = {{false, true}};
    const auto needs_of = [&](MaskSource source) {
        task.method.masking.source = source;
        const auto plan = make_plan(task);
        auto state = nothing(plan);
        state.of(UnitKind::match).assign(plan.matches.size(), true);
        const auto graph = make_graph(plan, state);
        return std::ranges::count_if(
            graph.units, [](const UnitRef& unit) { return unit.kind == UnitKind::embed; });
    };
    EXPECT_GT(needs_of(MaskSource::attention), 0);
    EXPECT_EQ(needs_of(MaskSource::object), 0);
    for (auto& backbone : task.backbones) { backbone.has_attention = false; }
    EXPECT_NO_THROW((void)make_plan(task));
    task.method.masking.source = MaskSource::attention;
    EXPECT_THROW((void)make_plan(task), ConfigError);
}

TEST(Keys, ChangeWithWhatDeterminesAnArtifactAndOnlyThat) {
    const auto before = keys_after([](SweepSpec&) {});
    const auto same = [&](const std::array<std::string, 3>& after) {
        return std::array{after[0] == before[0], after[1] == before[1], after[2] == before[2]};
    };
    using Same = std::array<bool, 3>;
    EXPECT_EQ(same(keys_after([](SweepSpec& s) { s.backbones[0].identity["weights"] = "x"; })),
              (Same{false, false, false}));
    EXPECT_EQ(
        same(keys_after([](SweepSpec& s) { s.method.features.cache_type = CacheType::fp32; })),
        (Same{false, false, false}));
    EXPECT_EQ(same(keys_after([](SweepSpec& s) { s.method.matching.reduce = Reduce::farthest; })),
              (Same{true, false, false}));
    EXPECT_EQ(same(keys_after([](SweepSpec& s) { s.method.zero_shot.patch_fraction = 0.5; })),
              (Same{true, true, false}));
    EXPECT_EQ(same(keys_after([](SweepSpec& s) { s.method.metrics.smooth_sigma_px = 4; })),
              (Same{true, true, false}));
    EXPECT_EQ(same(keys_after([](SweepSpec& s) { s.method.units.heatmaps = 3; })),
              (Same{true, true, true}));
    EXPECT_EQ(same(keys_after([](SweepSpec& s) {
                  s.method.units.maps = 3;
                  s.method.units.map_shots = {0};
              })),
              (Same{true, true, true}));
    EXPECT_EQ(same(keys_after([](SweepSpec& s) { s.backbones[0].name = "alias"; })),
              (Same{true, true, true}));
}

TEST(Keys, ALabelChangesTheResultOnly) {
    const auto before = make_plan(spec());
    auto task = spec();
    for (auto& sample : task.samples) { sample.anomalous = sample.split == "test"; }
    const auto after = make_plan(task);
    EXPECT_EQ(after.embeds[0].key, before.embeds[0].key);
    EXPECT_NE(after.evaluates[0].key, before.evaluates[0].key);
}

TEST(MakePlan, ChoosesPicturesOverDefectTypesForTheFirstSeed) {
    auto task = spec();
    task.method.units.heatmaps = 3;
    for (const auto& unit : make_plan(task).evaluates) {
        ASSERT_EQ(unit.pictures.size(), unit.seed == 0 ? 3U : 0U);
        std::set<std::string> types;
        for (const auto place : unit.pictures) {
            types.insert(task.samples[unit.tests[place]].defect_type);
        }
        EXPECT_EQ(types.size(), unit.pictures.size());
    }
}

TEST(MakePlan, RecordsMapsOfBothLabelsAndAllDefectTypesForTheFirstSeed) {
    auto task = spec();
    task.method.units.maps = 6;
    task.method.units.map_shots = {0, 2};
    for (const auto& unit : make_plan(task).evaluates) {
        if (unit.seed != 0 || unit.shots == 1) {
            EXPECT_TRUE(unit.recorded.empty());
            continue;
        }
        ASSERT_EQ(unit.recorded.size(), 6U);
        EXPECT_TRUE(std::ranges::is_sorted(unit.recorded));
        std::multiset<std::string> types;
        for (const auto place : unit.recorded) {
            types.insert(task.samples[unit.tests[place]].defect_type);
        }
        EXPECT_EQ(types, (std::multiset<std::string>{"defect0", "defect1", "defect2", "good",
                                                     "good", "good"}));
    }
}

TEST(MakePlan, RecordsNoMoreThanThereIsAndThumbnailsOnce) {
    auto task = spec(5);
    task.method.units.maps = 1000;
    task.method.units.map_shots = {0, 2};
    const auto plan = make_plan(task);
    for (const auto& unit : plan.evaluates) {
        EXPECT_EQ(unit.recorded.size(), unit.seed == 0 && unit.shots != 1 ? 5U : 0U);
    }
    EXPECT_EQ(std::ranges::count_if(plan.evaluates, &EvaluateUnit::thumbnails), 1);
}

TEST(MakePlan, RecordsWithoutPromptsAndWhereAllModulesCanBeCompared) {
    auto task = spec();
    task.method.units.maps = 2;
    const Modules none{};
    const Modules mask{false, true};
    task.grids = {{{}, {}, {224}, {0, 1, 4, 8}, {0, 1}, {none}},
                  {{}, {}, {224}, {1, 4}, {0}, {mask}}};
    for (const auto& unit : make_plan(task).evaluates) {
        const bool wanted = unit.seed == 0 && (unit.shots == 0 || unit.shots == 4);
        EXPECT_EQ(unit.recorded.size(), wanted ? 2U : 0U) << unit.shots;
    }
}

TEST(MakePlan, RefusesASideThatPatchesDoNotFill) {
    auto task = spec();
    task.grids[0].sides_px = {230};
    try {
        static_cast<void>(make_plan(task));
        FAIL() << "no exception";
    } catch (const ConfigError& error) {
        EXPECT_NE(std::string(error.what()).find("multiple of 16, e.g. 224"), std::string::npos);
    }
}

TEST(MakePlan, RefusesMasksWithoutAttention) {
    auto task = spec();
    task.backbones[0].has_attention = false;
    EXPECT_THROW(static_cast<void>(make_plan(task)), ConfigError);
}

TEST(MakePlan, RefusesACategoryWithoutTestImages) {
    auto task = spec(0);
    EXPECT_THROW(static_cast<void>(make_plan(task)), DataError);
}

TEST(MakeGraph, RecordsMapsOfResultsThatAreThere) {
    auto task = spec();
    task.method.units.maps = 2;
    task.method.units.map_shots = {0};
    const auto plan = make_plan(task);
    const auto graph = make_graph(plan, stored(plan, true));
    ASSERT_EQ(graph.units.size(), 2U) << "one a set of modules, and nothing is computed again";
    for (const auto& unit : graph.units) { EXPECT_EQ(unit.kind, UnitKind::picture); }
}

TEST(MakeGraph, ListsInputsBeforeTheirUsers) {
    const auto task = spec();
    const auto plan = make_plan(task);
    const auto graph = make_graph(plan, nothing(plan));
    ASSERT_EQ(graph.units.size(), graph.tasks.size());
    EXPECT_EQ(graph.tasks.size(), plan.embeds.size() + plan.matches.size() + plan.evaluates.size());
    for (std::size_t i = 0; i < graph.tasks.size(); ++i) {
        EXPECT_GT(graph.tasks[i].cost, 0);
        for (const auto need : graph.tasks[i].needs) { EXPECT_LT(need, i); }
    }
}

TEST(MakeGraph, OfAFinishedSweepIsEmpty) {
    const auto task = spec();
    const auto plan = make_plan(task);
    auto state = nothing(plan);
    state.of(UnitKind::evaluate).assign(plan.evaluates.size(), true);
    EXPECT_TRUE(make_graph(plan, state).tasks.empty()) << "features and matches may be gone";
}

TEST(MakeGraph, MakesOnlyWhatTheMissingResultNeeds) {
    const auto task = spec();
    const auto plan = make_plan(task);
    auto state = nothing(plan);
    state.of(UnitKind::evaluate).assign(plan.evaluates.size(), true);
    state.of(UnitKind::embed).assign(plan.embeds.size(), true);
    const auto few_shot = std::ranges::find_if(
        plan.evaluates, [](const EvaluateUnit& u) { return u.shots == 1 && !u.modules.mask; });
    state.of(UnitKind::evaluate)[static_cast<std::size_t>(few_shot - plan.evaluates.begin())] =
        false;
    const auto graph = make_graph(plan, state);
    EXPECT_EQ(graph.tasks.size(), 3U + 1);
    EXPECT_EQ(graph.tasks.back().needs.size(), 3U);
}

TEST(MakeGraph, PicturesAreMadeAgainEvenIfAllResultsAreThere) {
    auto task = spec();
    task.method.units.heatmaps = 2;
    const auto plan = make_plan(task);
    const auto graph = make_graph(plan, stored(plan, true));
    EXPECT_EQ(graph.tasks.size(), 3U * 2);  // First seed only.
    for (const auto& unit : graph.units) { EXPECT_EQ(unit.kind, UnitKind::picture); }
}

TEST(Modules, ReadBackAsTheyAreNamed) {
    for (const auto* word : {"none", "align", "mask", "align+mask", "patchead+"}) {
        EXPECT_EQ(name_of(parse_modules(word)), word);
    }
    EXPECT_THROW(static_cast<void>(parse_modules("masks")), ConfigError);
}

}  // namespace
}  // namespace patchead
