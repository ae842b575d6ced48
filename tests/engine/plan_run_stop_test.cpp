#include <atomic>
#include <cstdlib>
#include <future>
#include <thread>

#include "patchead/core/error.hpp"
#include "toy_run.hpp"

/// How a run comes to its end before all is done.

namespace patchead {
namespace {

using Texts = std::vector<std::string>;

class StoppedRunTest : public ToyRun {
  protected:
    /// From now on a unit that has begun wants the run to stop.
    void stop_when_begun() {
        worker_.before = [this](const UnitRef&) { begun_ = true; };
    }
    [[nodiscard]] Stop when_begun() {
        return [this] {
            asked_ = asked_ || begun_;
            return begun_.load();
        };
    }

    std::atomic<bool> begun_ = false;
    std::atomic<bool> asked_ = false;  ///< The run has heard that it is to stop.
};

TEST_F(StoppedRunTest, LetsTheRunningUnitEndAndBeginsNoOther) {
    worker_.before = [&](const UnitRef&) {
        begun_ = true;
        while (!asked_) { std::this_thread::yield(); }
        check_();  // The grace period is long.
    };
    const auto finished = run(when_begun());
    ASSERT_TRUE(finished);
    EXPECT_EQ(finished->status, RunStatus::drained);
    EXPECT_TRUE(is_unfinished(finished->status));
    EXPECT_TRUE(finished->results.rows.empty());
    EXPECT_TRUE(finished->results.missing.empty());
    EXPECT_EQ(worker_.made.size(), 1U);
    EXPECT_TRUE(std::filesystem::exists(artifact(worker_.made.front())));
    EXPECT_EQ(state().status, RunStatus::drained);
    EXPECT_EQ(state().units_done, 1U);
    EXPECT_EQ(state().units_total, units());
    EXPECT_EQ(state().failures, Texts{});
}

TEST_F(StoppedRunTest, GoesOnWhereItWas) {
    stop_when_begun();
    for (std::size_t run = 1; run < units(); ++run) {
        begun_ = false;
        ASSERT_EQ(status_of_run(when_begun()), RunStatus::drained);
        ASSERT_EQ(worker_.made.size(), run) << "one unit a run";
    }
    EXPECT_EQ(status_of_run(), RunStatus::finished);
    EXPECT_EQ(worker_.made.size(), units());
    EXPECT_EQ(worker_.executed.size(), units()) << "none of them twice";
}

TEST_F(StoppedRunTest, IsFinishedIfTheLastUnitWasRunning) {
    fill_store();
    remove(point(0));
    stop_when_begun();
    EXPECT_EQ(status_of_run(when_begun()), RunStatus::finished);
    EXPECT_EQ(status_of_run([] { return true; }), RunStatus::finished) << "nothing was to be done";
}

TEST_F(StoppedRunTest, GivesUpTheRunningUnitWhenTheGracePeriodIsOver) {
    settings_.grace_seconds = 0;
    worker_.before = [&](const UnitRef&) {
        begun_ = true;
        for (;;) { check_(); }
    };
    EXPECT_EQ(status_of_run(when_begun()), RunStatus::drained);
    EXPECT_TRUE(worker_.made.empty());
    EXPECT_EQ(state().units_done, 0U);
    EXPECT_EQ(state().units_failed, 0U);
    EXPECT_EQ(state().failures, Texts{});
    const auto log = bytes_of(settings_.output / "logs" / "rank-0000.log");
    EXPECT_NE(log.find(": interrupted\n"), std::string::npos) << log;

    worker_.before = [](const UnitRef&) {};
    EXPECT_EQ(status_of_run(), RunStatus::finished);
}

TEST_F(StoppedRunTest, EndsWhenTheDiskIsFull) {
    worker_.before = [&](const UnitRef&) {
        if (worker_.executed.size() == 2) { throw DiskError("cannot write 'x' (no space left)"); }
    };
    const auto finished = run();
    ASSERT_TRUE(finished);
    EXPECT_EQ(finished->status, RunStatus::disk);
    EXPECT_TRUE(finished->results.rows.empty());
    EXPECT_EQ(worker_.executed.size(), 2U) << "no other unit could do better";
    EXPECT_EQ(state().status, RunStatus::disk);
    EXPECT_EQ(state().units_done, 1U);
    EXPECT_EQ(state().failures, Texts{"cannot write 'x' (no space left)"});
    EXPECT_EQ(state().troubles, Texts{}) << "it was not tried again";
}

TEST_F(StoppedRunTest, BeginsNothingIfItsStateCannotBeWritten) {
    std::filesystem::create_directories(state_file(settings_));
    const auto finished = run();
    ASSERT_TRUE(finished);
    EXPECT_EQ(finished->status, RunStatus::disk);
    EXPECT_TRUE(worker_.executed.empty());
    ASSERT_EQ(finished->state.failures.size(), 1U);
    EXPECT_NE(finished->state.failures[0].find(state_file(settings_).string()), std::string::npos)
        << finished->state.failures[0];
}

/// A unit in the hands of a process on another machine.
class SharedRunTest : public StoppedRunTest {
  protected:
    void claim_elsewhere(const UnitRef& unit) const {
        const auto folder = store_.root() / "claims";
        std::filesystem::create_directories(folder);
        put_bytes(folder / key_of(plan_, unit)->digest(), "node7-01234567.12");
    }
};

TEST_F(SharedRunTest, WaitsForWhatAnotherProcessIsAt) {
    fill_store();
    const auto elsewhere = folder_.path() / "elsewhere";
    std::filesystem::rename(artifact(tests()), elsewhere);
    for (const auto& unit : {prompt(), match_of(0), match_of(1), point(0), point(1)}) {
        remove(unit);
    }
    claim_elsewhere(tests());
    // All that can be done without it; then the other process is done, too.
    worker_.before = [&](const UnitRef& unit) { begun_ = begun_ || unit == prompt(); };
    const auto stop = [&] {
        if (begun_ && std::filesystem::exists(elsewhere)) {
            std::filesystem::rename(elsewhere, artifact(tests()));
        }
        return false;
    };
    EXPECT_EQ(status_of_run(stop), RunStatus::finished);
    EXPECT_EQ(worker_.made.size(), units() - 1);
    EXPECT_EQ(std::ranges::count(worker_.made, tests()), 0);
    EXPECT_EQ(state().units_elsewhere, 0U);
    EXPECT_EQ(state().units_done, units());
}

TEST_F(SharedRunTest, DoesNotWaitForItIfItIsToStop) {
    claim_elsewhere(tests());
    worker_.before = [&](const UnitRef& unit) { begun_ = begun_ || unit == prompt(); };
    EXPECT_EQ(status_of_run(when_begun()), RunStatus::drained);
    EXPECT_EQ(worker_.made, std::vector{prompt()});
    EXPECT_EQ(state().units_elsewhere, 0U);
    EXPECT_EQ(state().failures, Texts{});
}

class LostRunDeathTest : public ToyRun {
  protected:
    LostRunDeathTest() { testing::FLAGS_gtest_death_test_style = "threadsafe"; }
    void TearDown() override { put_temporary_files_into(usual_); }

    static void put_temporary_files_into(const std::filesystem::path& folder) {
        ::setenv("TMPDIR", folder.c_str(), 1);
    }
    static std::filesystem::path file_below(const std::filesystem::path& folder,
                                            const std::string& name) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
            if (entry.path().filename() == name) { return entry.path(); }
        }
        return {};
    }

  private:
    std::filesystem::path usual_ = std::filesystem::temp_directory_path();
};

/// The process that dies is a copy of this one, which begins the test anew, in a folder inside of
/// that of the first one.
TEST_F(LostRunDeathTest, EndsTheJobWhenAUnitTakesTooLong) {
    settings_.unit_limit_seconds = 1;
    settings_.lost_rank_code = 75;
    worker_.before = [](const UnitRef&) {
        std::promise<void> end;
        end.get_future().wait();
    };
    put_temporary_files_into(folder_.path());
    EXPECT_EXIT(static_cast<void>(run_aloud()), testing::ExitedWithCode(75),
                "did not end it in [0-9]+ s .*the job ends as unfinished");

    const auto left = read_run_state(file_below(folder_.path(), "run.json"));
    EXPECT_EQ(name_of(left.status), "lost a rank");
    EXPECT_EQ(left.units_done, 0U);
    ASSERT_EQ(left.failures.size(), 1U);
    EXPECT_TRUE(left.failures[0].starts_with("rank 0 at 'embed toy/dots, ")) << left.failures[0];
    EXPECT_EQ(left.troubles, left.failures);
}

}  // namespace
}  // namespace patchead
