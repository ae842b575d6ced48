#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "patchead/core/shots.hpp"
#include "patchead/plan/method_options.hpp"
#include "patchead/plan/units.hpp"
#include "toy_sweep.hpp"

namespace patchead {
namespace {

/// PatchEAD with and without masks, and a detector, with 2 seeds; ten images can be prompts.
SweepSpec sweep_of(std::vector<int> shots, bool with_thresholds) {
    auto task = spec(40);
    task.method = default_method();
    PlannedDetector patchead;
    patchead.name = patchead.method = "patchead";
    PlannedDetector other;
    other.name = other.method = "other";
    const PlannedNeeds needs{Layers().parse("layers", "2,4"), false, false, ReferenceCopies::none};
    other.common = {{{"k", "1"}}, needs, {}};
    task.detectors = {patchead, other};
    task.grids[0].shots = std::move(shots);
    task.grids[0].detectors = {0, 1};
    if (with_thresholds) { task.method.units.thresholds = {"max"}; }
    return task;
}

std::set<std::string> keys_in(const SweepPlan& plan) {
    std::set<std::string> keys;
    for (const auto& kind : kUnitKinds) {
        if (!is_stored(kind.kind) || kind.kind == UnitKind::leave_out) { continue; }
        for (std::size_t i = 0; i < count_of(plan, kind.kind); ++i) {
            keys.insert(key_of(plan, {kind.kind, i})->digest());
        }
    }
    return keys;
}

TEST(LeaveOut, IsNotPlannedUnlessItIsAskedFor) {
    const auto plan = make_plan(sweep_of({0, 1, 2, 4}, false));
    EXPECT_TRUE(plan.leave_outs.empty());
    for (const auto& unit : plan.evaluates) { EXPECT_FALSE(unit.leave_out); }
}

TEST(LeaveOut, ChangesNoKeyOfWhatIsThereWithout) {
    const auto plain = keys_in(make_plan(sweep_of({0, 1, 2, 4}, false)));
    const auto with = keys_in(make_plan(sweep_of({0, 1, 2, 4}, true)));
    EXPECT_TRUE(std::ranges::includes(with, plain));
    EXPECT_GT(with.size(), plain.size()) << "prompts are matched, and models fitted without one";
}

TEST(LeaveOut, ScoresPromptsOfPointsThatHaveSeveral) {
    const auto plan = make_plan(sweep_of({0, 1, 2, 4}, true));
    for (const auto& unit : plan.evaluates) {
        ASSERT_EQ(unit.leave_out.has_value(), unit.shots > 1);
        if (!unit.leave_out) { continue; }
        const auto& left_out = plan.leave_outs[*unit.leave_out];
        EXPECT_EQ(left_out.tests, unit.prompts);
        EXPECT_EQ(left_out.scoring.masking.has_value(), unit.scoring.masking.has_value());
        std::size_t scored = 0;
        for (const auto& group : left_out.matches) {
            const auto& match = plan.matches[group.at(0)];
            EXPECT_EQ(match.references.size(), unit.prompts.size());
            scored += match.queries.size();
        }
        for (const auto i : left_out.detects) {
            const auto& detect = plan.detects[i];
            EXPECT_EQ(plan.fits[*detect.fit].references.size(), unit.prompts.size() - 1);
            for (const auto& reference : plan.fits[*detect.fit].references) {
                EXPECT_NE(reference.embed, detect.queries.at(0).embed) << "it was left out";
            }
            scored += detect.owned;
        }
        EXPECT_EQ(scored, unit.prompts.size());
    }
}

TEST(LeaveOut, NeedsNoPassBeyondThoseOfItsPoint) {
    EXPECT_EQ(make_plan(sweep_of({2, 4}, true)).embeds.size(),
              make_plan(sweep_of({2, 4}, false)).embeds.size());
}

TEST(LeaveOut, IsWantedOfAPointThatIsDone) {
    const auto plan = make_plan(sweep_of({2}, true));
    auto state = stored(plan, true);
    EXPECT_TRUE(make_graph(plan, state, {}).tasks.empty());
    state.of(UnitKind::leave_out).assign(plan.leave_outs.size(), false);
    const auto graph = make_graph(plan, state, {});
    EXPECT_EQ(graph.units.size(), plan.leave_outs.size());
    for (const auto& unit : graph.units) { EXPECT_EQ(unit.kind, UnitKind::leave_out); }
}

TEST(LeaveOut, OfAlignedPointsAndEachPromptThereIsNone) {
    auto task = sweep_of({2, kEachShot}, true);
    task.grids[0].modules = {{}, {true, false, false}};
    for (const auto& unit : make_plan(task).evaluates) {
        EXPECT_EQ(unit.leave_out.has_value(), unit.shots > 1 && !unit.modules.align);
    }
}

TEST(LeaveOut, OfTheWholeTrainingSetIsPlannedOnceAndForPatchEadOnly) {
    const auto plan = make_plan(sweep_of({kAllShots}, true));
    EXPECT_EQ(plan.leave_outs.size(), 2U) << "with and without masks, of one list";
    for (const auto& unit : plan.evaluates) {
        EXPECT_EQ(unit.leave_out.has_value(), unit.detector == kPatchEad);
    }
    EXPECT_EQ(plan.leave_outs.front().tests.size(), 10U);
}

TEST(LeaveOut, DoesNotDependOnHowThePointIsMeasured) {
    auto task = sweep_of({2}, true);
    const auto plan = make_plan(task);
    task.method.metrics.pro_limit = 0.1;
    const auto other = make_plan(task);
    ASSERT_EQ(plan.leave_outs.size(), other.leave_outs.size());
    for (std::size_t i = 0; i < plan.leave_outs.size(); ++i) {
        EXPECT_EQ(plan.leave_outs[i].key, other.leave_outs[i].key);
    }
    EXPECT_NE(plan.evaluates[0].key, other.evaluates[0].key);
}

}  // namespace
}  // namespace patchead
