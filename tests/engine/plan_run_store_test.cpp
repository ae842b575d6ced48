#include "patchead/core/error.hpp"
#include "toy_run.hpp"

/// What a run makes of a store that others use, too: artifacts that it may not read, and results
/// of programs that know other metrics.

namespace patchead {
namespace {

namespace fs = std::filesystem;
using Units = std::vector<UnitRef>;

class SharedStoreTest : public ToyRun {
  protected:
    void SetUp() override { fill_store(); }

    /// The system will not open it as a file any more, and nothing is lost.
    void make_unreadable(const UnitRef& unit) const {
        fs::rename(artifact(unit), artifact(unit).string() + ".kept");
        fs::create_directory(artifact(unit));
    }
};

TEST_F(SharedStoreTest, AResultThatCannotBeReadIsMissingAndTheOthersAreKept) {
    make_unreadable(point(1));
    const auto finished = run();
    ASSERT_TRUE(finished);
    EXPECT_EQ(finished->status, RunStatus::failures);
    EXPECT_EQ(finished->results.rows.size(), 1U);
    ASSERT_EQ(finished->results.missing.size(), 1U);
    EXPECT_NE(finished->results.missing[0].reason.find("Is a directory"), std::string::npos);
    EXPECT_EQ(worker_.executed, Units{}) << "what may be whole is not made again";
    EXPECT_FALSE(is_quarantined(point(1)));
    EXPECT_TRUE(fs::is_directory(artifact(point(1))));
}

TEST_F(SharedStoreTest, AnInputThatCannotBeReadFailsWhatNeedsItAlone) {
    make_unreadable(match_of(1));
    remove(point(1));
    remove(point(0));
    const auto finished = run();
    ASSERT_TRUE(finished);
    EXPECT_EQ(finished->status, RunStatus::failures);
    EXPECT_EQ(finished->results.rows.size(), 1U);
    ASSERT_EQ(finished->results.missing.size(), 1U);
    EXPECT_NE(finished->results.missing[0].reason.find(artifact(match_of(1)).string()),
              std::string::npos);
    EXPECT_EQ(worker_.made, Units{point(0)});
    EXPECT_TRUE(fs::is_directory(artifact(match_of(1))));
    EXPECT_FALSE(is_quarantined(match_of(1)));
}

TEST_F(SharedStoreTest, VerifyingNamesWhatCannotBeReadAndGoesOn) {
    settings_.verify = true;
    make_unreadable(match_of(1));
    damage(match_of(0));
    EXPECT_EQ(status_of_run(), RunStatus::finished) << "neither is needed";
    EXPECT_EQ(state().troubles.size(), 2U);
    EXPECT_TRUE(is_quarantined(match_of(0)));
    EXPECT_FALSE(is_quarantined(match_of(1)));
}

TEST_F(SharedStoreTest, AMetricThatCameLaterIsMeasuredByReductionsOnly) {
    plan_.spec.metric_names = {"I-AUROC", "a new one"};
    const auto finished = run(never, Allowed::reductions_only);
    ASSERT_TRUE(finished);
    EXPECT_EQ(finished->status, RunStatus::finished);
    EXPECT_EQ(worker_.made.size(), plan_.evaluates.size());
    for (const auto& unit : worker_.made) { EXPECT_EQ(unit.kind, UnitKind::evaluate); }
    EXPECT_EQ(store_.read_metric_names(*key_of(plan_, point(1))), plan_.spec.metric_names);
    worker_.made.clear();
    EXPECT_EQ(status_of_run(), RunStatus::finished);
    EXPECT_EQ(worker_.made, Units{});
}

TEST_F(SharedStoreTest, AProgramOfFewerMetricsLeavesResultsOfMoreAsTheyAre) {
    plan_.spec.metric_names = {"I-AUROC", "a new one"};
    ASSERT_EQ(status_of_run(), RunStatus::finished);
    worker_.executed.clear();
    plan_.spec.metric_names = {"I-AUROC"};
    const auto finished = run();
    ASSERT_TRUE(finished);
    EXPECT_EQ(worker_.executed, Units{});
    EXPECT_EQ(store_.read_metric_names(*key_of(plan_, point(1))).size(), 2U);
    ASSERT_EQ(finished->results.rows.size(), 2U);
    EXPECT_EQ(finished->results.rows[0].metrics.size(), 1U) << "only those of its own";
}

}  // namespace
}  // namespace patchead
