#include "patchead/plan/fusion.hpp"

#include <gtest/gtest.h>

#include <set>

#include "patchead/plan/method_options.hpp"
#include "patchead/plan/units.hpp"
#include "toy_sweep.hpp"

namespace patchead {
namespace {

/// Two sizes, two backbones; few-shot and batch zero-shot, with and without masks, two seeds.
SweepSpec two_by_two() {
    auto task = spec(6);
    task.method = default_method();
    task.backbones.push_back({"another", {{"weights", "def"}}, {}, 14, 192, 6, 1000, true});
    task.grids[0].sides_px = {448, 224};
    return task;
}

SweepPlan fused(std::vector<FuseRule> over_sides, std::vector<FuseRule> over_backbones) {
    auto task = two_by_two();
    task.grids[0].fuse_sides = std::move(over_sides);
    task.grids[0].fuse_backbones = std::move(over_backbones);
    return make_plan(task);
}

std::vector<const EvaluateUnit*> fused_units(const SweepPlan& plan) {
    std::vector<const EvaluateUnit*> units;
    for (const auto& unit : plan.evaluates) {
        if (unit.fusion) { units.push_back(&unit); }
    }
    return units;
}

constexpr std::size_t kPoints = 12;  ///< Of a backbone and size: 3 shots, 2 modules, 2 seeds.

TEST(FusedPoints, AreOneMoreForEachRuleAndPoint) {
    const auto plain = make_plan(two_by_two());
    EXPECT_EQ(fused_units(plain).size(), 0U);
    const auto plan = fused({FuseRule::mean, FuseRule::highest}, {FuseRule::mean});
    EXPECT_EQ(plan.evaluates.size(), plain.evaluates.size() + 2 * 2 * kPoints + 2 * kPoints);
    for (std::size_t i = 0; i < plain.evaluates.size(); ++i) {
        EXPECT_EQ(plan.evaluates[i].key, plain.evaluates[i].key) << "plain points stay, and first";
    }
    EXPECT_EQ(plan.matches.size(), plain.matches.size()) << "no matrix product more";
    EXPECT_EQ(plan.embeds.size(), plain.embeds.size()) << "no forward pass more";
}

TEST(FusedPoints, AreMadeOfPointsThatDifferInOneThing) {
    const auto plan = fused({FuseRule::mean}, {FuseRule::highest});
    for (const auto* unit : fused_units(plan)) {
        const auto parts = parts_of(plan, *unit);
        ASSERT_EQ(parts.size(), 2U);
        for (const auto* part : parts) {
            EXPECT_EQ(std::tie(part->shots, part->seed, part->modules, part->prompts, part->tests),
                      std::tie(unit->shots, unit->seed, unit->modules, unit->prompts, unit->tests));
            EXPECT_FALSE(part->fusion);
        }
        const bool over_sizes = unit->fusion->over == FuseOver::sizes;
        EXPECT_EQ(parts[0]->backbone == parts[1]->backbone, over_sizes);
        EXPECT_EQ(parts[0]->side_px == parts[1]->side_px, !over_sizes);
        EXPECT_EQ(unit->metrics.side_px, std::max(parts[0]->side_px, parts[1]->side_px));
    }
}

TEST(FusedPoints, AreCalledByWhatTheyAreMadeOf) {
    const auto plan = fused({FuseRule::mean}, {FuseRule::highest});
    std::set<std::string> names;
    for (const auto* unit : fused_units(plan)) {
        names.insert(concat(backbone_text(plan, *unit), " ", sizes_text(plan, *unit)));
    }
    EXPECT_EQ(names, (std::set<std::string>{"net 224+448-mean", "another 224+448-mean",
                                            "another+net-max "}));
    EXPECT_EQ(backbone_text(plan, plan.evaluates[0]), "net");
    EXPECT_EQ(sizes_text(plan, plan.evaluates[0]), "");
}

TEST(FusedPoints, OfBackbonesTakeEachAtItsOwnSize) {
    auto task = two_by_two();
    task.backbones[1].image_px = 448;
    task.grids[0].sides_px = {kDefaultSide};
    task.grids[0].fuse_backbones = {FuseRule::mean};
    const auto plan = make_plan(task);
    const auto units = fused_units(plan);
    ASSERT_EQ(units.size(), kPoints);
    EXPECT_EQ(sizes_text(plan, *units[0]), "448+224") << "in the order of the backbones";
    EXPECT_EQ(units[0]->side_px, 448);
}

/// The matches that a unit reads, and whether it needs anything else of the store.
std::set<std::size_t> matches_needed(const SweepPlan& plan, std::size_t evaluate) {
    auto state = stored(plan, true);
    state.of(UnitKind::match).assign(plan.matches.size(), false);
    state.of(UnitKind::evaluate)[evaluate] = false;
    const auto graph = make_graph(plan, state);
    std::set<std::size_t> needed;
    for (std::size_t i = 0; i < graph.units.size(); ++i) {
        if (graph.units[i].kind == UnitKind::match) { needed.insert(graph.units[i].index); }
    }
    return needed;
}

TEST(FusedPoints, NeedTheMatchesOfTheirPartsAndNothingElse) {
    const auto plan = fused({FuseRule::mean}, {FuseRule::mean});
    for (std::size_t i = 0; i < plan.evaluates.size(); ++i) {
        if (!plan.evaluates[i].fusion) { continue; }
        std::set<std::size_t> expected;
        for (const auto part : plan.evaluates[i].fusion->parts) {
            expected.merge(matches_needed(plan, part));
        }
        EXPECT_EQ(matches_needed(plan, i), expected) << i;
        EXPECT_GE(expected.size(), 2U);
    }
}

TEST(FusedPoints, AreReductionsOfAStoreThatHasTheSinglePoints) {
    const auto plain = make_plan(two_by_two());
    const auto plan = fused({FuseRule::mean, FuseRule::highest}, {FuseRule::mean});
    auto state = stored(plan, true);
    for (std::size_t i = 0; i < plan.evaluates.size(); ++i) {
        state.of(UnitKind::evaluate)[i] = i < plain.evaluates.size();
    }
    const auto graph = make_graph(plan, state);
    EXPECT_EQ(graph.units.size(), plan.evaluates.size() - plain.evaluates.size());
    for (const auto& unit : graph.units) { EXPECT_EQ(unit.kind, UnitKind::evaluate); }
}

std::set<std::string> fused_keys(const SweepPlan& plan) {
    std::set<std::string> keys;
    for (const auto* unit : fused_units(plan)) { keys.insert(unit->key.digest()); }
    return keys;
}

TEST(FusedPoints, HaveKeysOfTheirOwn) {
    const auto mean = fused({FuseRule::mean}, {});
    const auto highest = fused({FuseRule::highest}, {});
    const auto both = fused({FuseRule::mean, FuseRule::highest}, {});
    auto keys = fused_keys(mean);
    EXPECT_EQ(keys.size(), 2 * kPoints);
    for (const auto& unit : mean.evaluates) {
        if (!unit.fusion) { EXPECT_FALSE(keys.contains(unit.key.digest())); }
    }
    keys.merge(fused_keys(highest));
    EXPECT_EQ(keys, fused_keys(both));
}

// What `auto` stands for has the key of what it stands for.
TEST(FusedPoints, AreCalibratedOverBackbonesAndNotOverSizesUnlessToldOtherwise) {
    const auto keys = [](FuseCalibration how, bool over_sizes) {
        auto task = two_by_two();
        task.method.fusing.calibration = how;
        (over_sizes ? task.grids[0].fuse_sides : task.grids[0].fuse_backbones) = {FuseRule::mean};
        return fused_keys(make_plan(task));
    };
    using C = FuseCalibration;
    EXPECT_EQ(keys(C::automatic, true), keys(C::none, true));
    EXPECT_EQ(keys(C::automatic, false), keys(C::robust_z, false));
    EXPECT_NE(keys(C::automatic, false), keys(C::none, false));
    EXPECT_NE(keys(C::rank, true), keys(C::none, true));
}

TEST(FusedPoints, DoNotDependOnTheOrderInWhichSizesWereNamed) {
    auto task = two_by_two();
    task.grids[0].fuse_sides = {FuseRule::mean};
    const auto before = fused_keys(make_plan(task));
    task.grids[0].sides_px = {224, 448};
    EXPECT_EQ(fused_keys(make_plan(task)), before);
}

TEST(FusedPoints, OfSeveralGridsCountOnce) {
    auto task = two_by_two();
    task.grids[0].fuse_sides = {FuseRule::mean};
    const auto once = make_plan(task);
    task.grids.push_back(task.grids[0]);
    const auto twice = make_plan(task);
    EXPECT_EQ(twice.evaluates.size(), once.evaluates.size());
    EXPECT_EQ(twice.merged_points, once.evaluates.size());
}

TEST(FusedPoints, AreRefusedWhereThereIsNothingToFuse) {
    auto task = two_by_two();
    task.grids[0].sides_px = {224};
    task.grids[0].fuse_sides = {FuseRule::mean};
    EXPECT_THROW((void)make_plan(task), ConfigError);
    auto with_sizes = task.grids[0];
    with_sizes.sides_px = {224, 448};
    task.grids.push_back(with_sizes);
    EXPECT_NO_THROW((void)make_plan(task)) << "one of two grids has two sizes";
    auto alone = two_by_two();
    alone.grids[0].fuse_backbones = {FuseRule::mean};
    alone.grids[0].backbones = {1};
    EXPECT_THROW((void)make_plan(alone), ConfigError);
    auto joined = two_by_two();
    joined.grids[0].fuse_backbones = {FuseRule::mean};
    joined.backbones[0].name = "torchscript:a+b";
    EXPECT_THROW((void)make_plan(joined), ConfigError) << "'+' joins names in results";
}

}  // namespace
}  // namespace patchead
