#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "patchead/core/shots.hpp"
#include "patchead/plan/method_options.hpp"
#include "patchead/plan/units.hpp"
#include "toy_sweep.hpp"

namespace patchead {
namespace {

/// PatchEAD at these shots, with 2 seeds; ten images can be prompts.
SweepSpec sweep_at(std::vector<int> shots) {
    auto task = spec(40);
    task.method = default_method();
    task.grids[0].shots = std::move(shots);
    task.grids[0].modules = {{}};
    return task;
}

TEST(EachPrompt, MakesAPointOfEveryTrainingImageWhateverTheSeeds) {
    const auto plan = make_plan(sweep_at({kEachShot}));
    ASSERT_EQ(plan.evaluates.size(), 10U);
    for (std::size_t i = 0; i < 10; ++i) {
        const auto& unit = plan.evaluates[i];
        EXPECT_EQ(unit.seed, i);
        EXPECT_EQ(unit.shots, 1);
        EXPECT_EQ(setting_name(unit), "each-prompt");
        ASSERT_EQ(unit.prompts.size(), 1U);
        EXPECT_EQ(plan.spec.samples[unit.prompts[0]].id, concat("dots/train/good/", 100 + i));
    }
}

TEST(EachPrompt, NeedsOnePassOfEveryImage) {
    const auto plan = make_plan(sweep_at({kEachShot}));
    std::set<std::size_t> passed;
    for (const auto& unit : plan.embeds) {
        for (const auto sample : unit.samples) {
            EXPECT_TRUE(passed.insert(sample).second) << plan.spec.samples[sample].id;
        }
    }
    EXPECT_EQ(passed.size(), 50U);
    EXPECT_EQ(needed_samples(plan.spec).size(), 50U);
}

TEST(EachPrompt, GivesTheKeysOfOneShotThatWasDrawn) {
    auto task = sweep_at({1, kEachShot});
    const auto plan = make_plan(task);
    std::set<std::string> each;
    for (const auto& unit : plan.evaluates) {
        if (unit.asked_shots == kEachShot) { each.insert(unit.key.digest()); }
    }
    EXPECT_EQ(each.size(), 10U);
    std::size_t drawn = 0;
    for (const auto& unit : plan.evaluates) {
        if (unit.asked_shots != 1) { continue; }
        ++drawn;
        EXPECT_TRUE(each.contains(unit.key.digest())) << "the same prompt, the same artifact";
    }
    EXPECT_EQ(drawn, 2U);
}

TEST(EachPrompt, HasNoPointsWithAlignmentAndSaysSo) {
    auto task = sweep_at({2, kEachShot});
    task.grids[0].modules = {{}, {true, false, false}};
    const auto plan = make_plan(task);
    EXPECT_EQ(std::ranges::count(plan.evaluates, kEachShot, &EvaluateUnit::asked_shots), 10);
    EXPECT_TRUE(std::ranges::any_of(plan.notes, [](const std::string& note) {
        return note.find("each") != std::string::npos;
    }));
}

TEST(EachPrompt, LeavesOtherPointsAsTheyAre) {
    const auto with = make_plan(sweep_at({2, kEachShot}));
    std::set<std::string> keys;
    for (const auto& unit : with.evaluates) { keys.insert(unit.key.digest()); }
    for (const auto& unit : make_plan(sweep_at({2})).evaluates) {
        EXPECT_TRUE(keys.contains(unit.key.digest()));
    }
}

TEST(EachPrompt, DrawsNoPicturesOfEveryPoint) {
    auto task = sweep_at({kEachShot});
    task.method.units.heatmaps = 4;
    task.method.units.maps = 4;
    for (const auto& unit : make_plan(task).evaluates) {
        EXPECT_TRUE(unit.pictures.empty() && unit.recorded.empty());
    }
}

}  // namespace
}  // namespace patchead
