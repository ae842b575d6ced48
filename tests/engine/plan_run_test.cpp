#include "engine/plan_run.hpp"

#include "patchead/core/error.hpp"
#include "toy_run.hpp"

namespace patchead {
namespace {

using Units = std::vector<UnitRef>;
using Texts = std::vector<std::string>;

class PlanRunTest : public ToyRun {
  protected:
    /// The first time that a unit is begun, it throws `error`.
    template <class E>
    void fail_once(const UnitRef& unit, const E& error) {
        worker_.before = [=, this, before = worker_.before](const UnitRef& begun) {
            before(begun);
            if (begun == unit && worker_.times_executed(unit) == 1) { throw error; }
        };
    }
    template <class E>
    void fail_always(const UnitRef& unit, const E& error) {
        worker_.before = [=](const UnitRef& begun) {
            if (begun == unit) { throw error; }
        };
    }
};

TEST_F(PlanRunTest, GivesTheResultsOfAllPointsInPlanOrder) {
    const auto finished = run();
    ASSERT_TRUE(finished);
    EXPECT_EQ(finished->status, RunStatus::finished);
    ASSERT_EQ(finished->results.rows.size(), plan_.evaluates.size());
    for (std::size_t i = 0; i < plan_.evaluates.size(); ++i) {
        const auto& row = finished->results.rows[i];
        EXPECT_EQ(row.artifact, plan_.evaluates[i].key.digest());
        EXPECT_EQ(row.shots, plan_.evaluates[i].shots);
        EXPECT_EQ(row.ids.size(), 4U);
    }
    EXPECT_TRUE(finished->results.missing.empty());
    EXPECT_EQ(finished->results.provenance.at("config"), "toy");
}

TEST_F(PlanRunTest, LeavesItsCountsInRunJson) {
    ASSERT_EQ(status_of_run(), RunStatus::finished);
    const auto left = state();
    EXPECT_EQ(left.status, RunStatus::finished);
    EXPECT_EQ(left.units_total, units());
    EXPECT_EQ(left.units_done, units());
    EXPECT_EQ(left.units_running, 0U);
    EXPECT_EQ(left.forwards, 4U + 1U);
    EXPECT_EQ(left.forwards_saved, 0U);
    EXPECT_EQ(left.products, plan_.matches.size());
    for (const auto& kind : kUnitKinds) {
        const auto& counts = left.kinds[place_of(kind.kind)];
        const auto planned = kind.kind == UnitKind::picture ? 0 : count_of(plan_, kind.kind);
        EXPECT_EQ(counts.total, planned) << kind.name;
        EXPECT_EQ(counts.done, planned) << kind.name;
    }
    EXPECT_EQ(left.failures, Texts{});
    EXPECT_EQ(left.troubles, Texts{});
}

TEST_F(PlanRunTest, MakesInputsBeforeWhatNeedsThem) {
    ASSERT_EQ(status_of_run(), RunStatus::finished);
    EXPECT_EQ(worker_.executed.size(), units());
    EXPECT_EQ(worker_.made, worker_.executed) << "no input was missing, nothing was made twice";
}

TEST_F(PlanRunTest, ExecutesNothingIfAllIsInTheStore) {
    fill_store();
    const auto again = run();
    ASSERT_TRUE(again);
    EXPECT_EQ(again->status, RunStatus::finished);
    EXPECT_EQ(again->results.rows.size(), plan_.evaluates.size());
    EXPECT_EQ(worker_.executed, Units{});
    EXPECT_EQ(state().units_total, 0U);
    EXPECT_EQ(state().forwards, 0U);
    EXPECT_EQ(state().forwards_saved, 4U + 1U);
}

TEST_F(PlanRunTest, MakesOnlyWhatMissingResultsNeed) {
    fill_store();
    for (const auto& unit : {prompt(), match_of(0), match_of(1), point(0)}) { remove(unit); }
    EXPECT_EQ(status_of_run(), RunStatus::finished);
    EXPECT_EQ(worker_.executed, (Units{match_of(0), point(0)}));
}

TEST_F(PlanRunTest, GoesOnWithoutWhatNeedsAUnitThatFailed) {
    fail_always(match_of(1), DataError("no such image"));
    const auto finished = run();
    ASSERT_TRUE(finished);
    EXPECT_EQ(finished->status, RunStatus::failures);
    ASSERT_EQ(finished->results.rows.size(), 1U);
    EXPECT_EQ(finished->results.rows[0].shots, 0);
    ASSERT_EQ(finished->results.missing.size(), 1U);
    EXPECT_EQ(finished->results.missing[0].point.shots, 1);
    EXPECT_EQ(finished->results.missing[0].reason, "an input failed: no such image");
    EXPECT_EQ(worker_.times_executed(match_of(1)), 1) << "another attempt would end the same way";
    EXPECT_EQ(worker_.times_executed(point(1)), 0);

    EXPECT_EQ(state().status, RunStatus::failures);
    EXPECT_EQ(state().units_failed, 1U);
    EXPECT_EQ(state().units_skipped, 1U);
    EXPECT_EQ(state().units_done, units() - 2);
    EXPECT_EQ(state().failures, (Texts{"no such image", "an input failed: no such image"}));
    EXPECT_NE(said_.find("failed: no such image\n"), std::string::npos) << said_;
}

TEST_F(PlanRunTest, TellsEachReasonOfFailuresOnce) {
    worker_.before = [](const UnitRef& unit) {
        if (unit.kind == UnitKind::evaluate) { throw DataError("no masks"); }
    };
    EXPECT_EQ(status_of_run(), RunStatus::failures);
    EXPECT_EQ(state().units_failed, 2U);
    EXPECT_EQ(state().failures, Texts{"no masks"});
}

TEST_F(PlanRunTest, TriesAUnitOnceMoreAfterTroubleWithAFile) {
    fail_once(tests(), UnreadableError("image 7 was locked"));
    fail_once(match_of(1), CacheError("the store was slow"));
    EXPECT_EQ(status_of_run(), RunStatus::finished);
    EXPECT_EQ(worker_.times_executed(tests()), 2);
    EXPECT_EQ(worker_.times_executed(match_of(1)), 2);
    ASSERT_EQ(state().troubles.size(), 2U);
    EXPECT_EQ(state().troubles[0], "tried once more: " + label_of(plan_, tests()) +
                                       ", which failed on rank 0 (image 7 was locked)");
    EXPECT_NE(state().troubles[1].find("(the store was slow)"), std::string::npos);
    EXPECT_EQ(state().failures, Texts{});
    EXPECT_EQ(state().units_done, units());
}

TEST_F(PlanRunTest, FailsAUnitWhoseSecondAttemptFailsToo) {
    fail_always(match_of(1), CacheError("the store was slow"));
    EXPECT_EQ(status_of_run(), RunStatus::failures);
    EXPECT_EQ(worker_.times_executed(match_of(1)), 2);
    EXPECT_EQ(state().troubles.size(), 1U);
    EXPECT_EQ(state().failures.front(), "the store was slow");
}

TEST_F(PlanRunTest, DrawsPicturesEveryTime) {
    auto asked = plan_.spec;
    asked.method.units.heatmaps = 1;
    plan_ = make_plan(std::move(asked));
    for (int i = 0; i < 2; ++i) {
        worker_.executed.clear();
        EXPECT_EQ(status_of_run(), RunStatus::finished);
        const auto pictures =
            std::ranges::count(worker_.executed, UnitKind::picture, &UnitRef::kind);
        EXPECT_EQ(pictures, static_cast<long>(plan_.evaluates.size()));
    }
    EXPECT_EQ(worker_.executed.size(), plan_.evaluates.size()) << "nothing else the second time";
}

TEST_F(PlanRunTest, OfReductionsDoesNotBeginWhereAMatchTensorIsMissing) {
    EXPECT_FALSE(run(never, Allowed::reductions_only));
    EXPECT_EQ(worker_.executed, Units{});
    EXPECT_NE(said_.find("run patchead sweep with the same options first"), std::string::npos)
        << said_;
    EXPECT_FALSE(std::filesystem::exists(state_file(settings_)));
}

TEST_F(PlanRunTest, OfReductionsTakesTheMatchTensorsThatAreThere) {
    fill_store();
    for (const auto& unit : {tests(), prompt(), point(0), point(1)}) { remove(unit); }
    const auto finished = run(never, Allowed::reductions_only);
    ASSERT_TRUE(finished);
    EXPECT_EQ(finished->status, RunStatus::finished);
    EXPECT_EQ(worker_.executed.size(), 2U);
}

TEST_F(PlanRunTest, NamesItsFilesAfterTheArrayTask) {
    settings_.array_task = "a";
    settings_.trace = true;
    ASSERT_EQ(status_of_run(), RunStatus::finished);
    EXPECT_EQ(state_file(settings_), settings_.output / "run.a.json");
    for (const auto* name : {"run.a.json", "trace.a.json", "logs/task-a.log"}) {
        EXPECT_TRUE(std::filesystem::exists(settings_.output / name)) << name;
    }
    EXPECT_FALSE(std::filesystem::exists(settings_.output / "run.json"));
    EXPECT_EQ(state_files(settings_.output), std::vector{settings_.output / "run.a.json"});
}

}  // namespace
}  // namespace patchead
