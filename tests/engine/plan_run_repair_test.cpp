#include "patchead/core/error.hpp"
#include "patchead/core/process.hpp"
#include "toy_run.hpp"

/// What a run makes of artifacts that are damaged or gone.

namespace patchead {
namespace {

using Units = std::vector<UnitRef>;
using Texts = std::vector<std::string>;

const std::string kAgain = "making again what is missing now, and what failed for it";

class RepairTest : public ToyRun {
  protected:
    void SetUp() override { fill_store(); }
};

TEST_F(RepairTest, MakesADamagedInputAgainInASecondRound) {
    damage(match_of(1));
    remove(point(1));
    EXPECT_EQ(status_of_run(), RunStatus::finished);
    EXPECT_EQ(worker_.made, (Units{match_of(1), point(1)}));
    EXPECT_EQ(worker_.times_executed(point(1)), 3) << "twice in vain";
    EXPECT_TRUE(is_quarantined(match_of(1)));
    const auto left = state();
    ASSERT_EQ(left.troubles.size(), 2U);
    EXPECT_TRUE(left.troubles[0].starts_with("tried once more: " + label_of(plan_, point(1))));
    EXPECT_NE(left.troubles[0].find("set aside as"), std::string::npos) << left.troubles[0];
    EXPECT_EQ(left.troubles[1], kAgain);
    EXPECT_EQ(left.failures, Texts{}) << "those of the first round are made good";
    EXPECT_NE(said_.find("failed: "), std::string::npos) << said_;
}

TEST_F(RepairTest, CountsUnitsOfBothRoundsOnce) {
    damage(match_of(1));
    remove(point(1));
    remove(point(0));
    ASSERT_EQ(status_of_run(), RunStatus::finished);
    const auto left = state();
    EXPECT_EQ(left.units_total, 3U);
    EXPECT_EQ(left.units_done, 3U);
    EXPECT_EQ(left.units_failed, 0U);
    const auto& points = left.kinds[place_of(UnitKind::evaluate)];
    EXPECT_EQ(points.total, 2U);
    EXPECT_EQ(points.done, 2U);
    const auto& matches = left.kinds[place_of(UnitKind::match)];
    EXPECT_EQ(matches.total, 1U);
    EXPECT_EQ(matches.done, 1U);
}

TEST_F(RepairTest, GivesUpAfterTwoRounds) {
    remove(point(1));
    worker_.before = [&](const UnitRef& unit) {
        if (unit == point(1) && store_.contains(*key_of(plan_, match_of(1)))) {
            damage(match_of(1));
        }
    };
    const auto finished = run();
    ASSERT_TRUE(finished);
    EXPECT_EQ(finished->status, RunStatus::failures);
    EXPECT_EQ(finished->results.rows.size(), 1U);
    EXPECT_EQ(finished->results.missing.size(), 1U);
    EXPECT_EQ(worker_.made, Units{match_of(1)});
    EXPECT_EQ(worker_.times_executed(point(1)), 2 * 2);
    EXPECT_EQ(std::ranges::count(state().troubles, kAgain), 1);
    EXPECT_FALSE(state().failures.empty());
}

TEST_F(RepairTest, MakesAnInputAgainThatSomebodyRemovedMeanwhile) {
    remove(point(1));
    worker_.before = [&](const UnitRef& unit) {
        if (unit == point(1) && worker_.times_executed(unit) == 1) { remove(match_of(1)); }
    };
    EXPECT_EQ(status_of_run(), RunStatus::finished);
    EXPECT_EQ(worker_.made, (Units{match_of(1), point(1)}));
}

TEST_F(RepairTest, MakesADamagedResultAgain) {
    damage(point(0));
    EXPECT_EQ(status_of_run(), RunStatus::finished);
    EXPECT_EQ(worker_.executed, Units{point(0)});
    EXPECT_TRUE(is_quarantined(point(0)));
    EXPECT_EQ(state().troubles, Texts{kAgain});
    EXPECT_EQ(state().failures, Texts{});
}

TEST_F(RepairTest, HasOneRoundOnlyIfAllInputsOfAFailureAreThere) {
    remove(point(1));
    worker_.before = [](const UnitRef&) { throw DataError("no masks"); };
    EXPECT_EQ(status_of_run(), RunStatus::failures);
    EXPECT_EQ(worker_.executed, Units{point(1)});
    EXPECT_EQ(state().troubles, Texts{});
}

TEST_F(RepairTest, VerifiesWhatIsThereBeforeItBeginsIfAsked) {
    damage(match_of(1));
    damage(point(1));
    settings_.verify = true;
    EXPECT_EQ(status_of_run(), RunStatus::finished);
    EXPECT_EQ(worker_.executed, (Units{match_of(1), point(1)})) << "in one round";
    EXPECT_TRUE(is_quarantined(match_of(1)));
    EXPECT_TRUE(is_quarantined(point(1)));
    EXPECT_NE(said_.find("damaged: " + artifact(point(1)).string()), std::string::npos) << said_;
}

TEST_F(RepairTest, ReadsNoMoreThanItNeedsIfNotAskedToVerify) {
    damage(match_of(1));
    EXPECT_EQ(status_of_run(), RunStatus::finished);
    EXPECT_EQ(worker_.executed, Units{});
    EXPECT_FALSE(is_quarantined(match_of(1)));
}

TEST_F(RepairTest, RemovesWhatDeadRunsLeftBehind) {
    const auto claims = store_.root() / "claims";
    const auto host = process_token().substr(0, process_token().rfind('.'));
    std::filesystem::create_directories(claims);
    std::filesystem::create_directories(settings_.output);
    put_bytes(claims / "00", host + ".999999999");
    put_bytes(settings_.output / ("x.tmp." + host + ".999999999.0"), "half");
    EXPECT_EQ(status_of_run(), RunStatus::finished);
    EXPECT_FALSE(std::filesystem::exists(claims / "00"));
    EXPECT_NE(said_.find("removed 1 temporary files and 1 claims"), std::string::npos) << said_;
}

}  // namespace
}  // namespace patchead
