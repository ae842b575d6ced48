#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "patchead/core/splits.hpp"
#include "patchead/plan/units.hpp"
#include "toy_sweep.hpp"

namespace patchead {
namespace {

/// With five validation images and seven of a split without labels.
SweepSpec sweep_beside(bool with_validation, bool with_unlabelled) {
    auto task = spec(40);
    for (const auto& [split, count] : {std::pair("validation", 5), std::pair("test_hidden", 7)}) {
        for (int i = 0; i < count; ++i) {
            auto sample = task.samples.front();
            sample.split = split;
            sample.anomalous = false;
            sample.defect_type = split == std::string("validation") ? "good" : "unlabelled";
            sample.id = concat("dots/", split, "/", sample.defect_type, "/", 100 + i);
            sample.digest = concat("digest of ", sample.id);
            task.samples.push_back(sample);
        }
    }
    std::ranges::sort(task.samples, {}, &Sample::id);
    task.method.unmeasured = {with_validation, with_unlabelled};
    return task;
}

TEST(Unmeasured, ChangesNoKeyAndNothingIsPlannedUnasked) {
    const auto plain = make_plan(spec(40));
    const auto beside = make_plan(sweep_beside(false, false));
    const auto asked = make_plan(sweep_beside(true, true));
    EXPECT_TRUE(beside.leave_outs.empty());
    EXPECT_EQ(needed_samples(beside.spec).size(), needed_samples(plain.spec).size());
    ASSERT_EQ(plain.evaluates.size(), asked.evaluates.size());
    for (std::size_t i = 0; i < plain.evaluates.size(); ++i) {
        EXPECT_EQ(plain.evaluates[i].key, beside.evaluates[i].key);
        EXPECT_EQ(plain.evaluates[i].key, asked.evaluates[i].key);
    }
}

TEST(Unmeasured, ScoresEachSplitAtEachPointAsItsTests) {
    const auto plan = make_plan(sweep_beside(true, true));
    for (const auto& unit : plan.evaluates) {
        ASSERT_EQ(unit.unmeasured.size(), 2U);
        std::vector<std::size_t> counts;
        for (const auto i : unit.unmeasured) {
            const auto& scored = plan.leave_outs[i];
            EXPECT_EQ(scored.prompts, unit.prompts);
            EXPECT_EQ(scored.shots, unit.shots);
            EXPECT_TRUE(scored.recorded.empty());
            std::size_t queries = 0;
            for (const auto& group : scored.matches) {
                const auto& match = plan.matches[group.front()];
                queries += match.queries.size();
                EXPECT_EQ(match.within_batch, unit.shots == 0);
            }
            EXPECT_GE(queries, scored.tests.size());
            counts.push_back(scored.tests.size());
            for (const auto test : scored.tests) {
                EXPECT_FALSE(std::ranges::count(unit.tests, test));
            }
        }
        EXPECT_EQ(counts, (std::vector<std::size_t>{7, 5})) << "by name of the split";
    }
    const auto one = make_plan(sweep_beside(true, false));
    for (const auto& unit : one.evaluates) { EXPECT_EQ(unit.unmeasured.size(), 1U); }
}

TEST(Unmeasured, IsInTheGraphBeforeMapsAreRecorded) {
    auto task = sweep_beside(false, true);
    task.method.units.maps = 3;
    const auto plan = make_plan(task);
    auto state = stored(plan, true);
    state.of(UnitKind::leave_out).assign(plan.leave_outs.size(), false);
    state.of(UnitKind::match).assign(plan.matches.size(), false);
    const auto graph = make_graph(plan, state, {});
    std::set<std::size_t> matches;
    for (std::size_t i = 0; i < graph.units.size(); ++i) {
        if (graph.units[i].kind == UnitKind::picture) {
            matches.insert(graph.tasks[i].needs.begin(), graph.tasks[i].needs.end());
        }
    }
    for (const auto& unit : plan.leave_outs) {
        for (const auto& group : unit.matches) {
            const auto place =
                std::ranges::find(graph.units, UnitRef{UnitKind::match, group.front()});
            ASSERT_NE(place, graph.units.end());
        }
    }
    EXPECT_FALSE(matches.empty());
}

}  // namespace
}  // namespace patchead
