#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "patchead/core/error.hpp"
#include "patchead/ranks/run_tasks.hpp"
#include "support/mpi_test.hpp"
#include "support/notice_board.hpp"

namespace patchead {
namespace {

using namespace std::chrono_literals;
using Tasks = std::vector<Task>;

// --- attempts that come to nothing ---------------------------------------------------------------

/// Every rank keeps count for itself; what is thrown depends on it.
template <class Throw>
std::vector<TaskOutcome> run_with_attempts(const Tasks& tasks, const Throw& attempt,
                                           std::vector<Trouble>* troubles = nullptr) {
    std::vector<int> tries(tasks.size());
    TaskCalls calls;
    calls.execute = [&](std::size_t task) {
        attempt(task, tries[task]++);
        return std::to_string(test_world().rank());
    };
    calls.trouble = [&](const Trouble& trouble) {
        if (troubles != nullptr) { troubles->push_back(trouble); }
    };
    return run_tasks(test_world(), tasks, calls);
}

TEST(RunTasksRetry, RepeatsOnceElsewhereWhatTheSystemMayHaveCaused) {
    const NoticeBoard board;
    std::vector<Trouble> troubles;
    const bool alone = test_world().size() == 1;
    const auto outcomes = run_with_attempts(
        Tasks(50),
        [&](std::size_t, int tries) {
            const bool bad = test_world().rank() == 0 && (!alone || tries == 0);
            if (bad) { board.put("bad"); }
            require<CacheError>(!bad, "stale handle");
            board.wait_for_notes(1);  // So that rank 0 has its turn.
        },
        &troubles);
    if (!test_world().is_root()) { return; }
    for (const auto& outcome : outcomes) {
        EXPECT_EQ(outcome.state, TaskState::done);
        EXPECT_EQ(outcome.report == "0", alone);
    }
    EXPECT_FALSE(troubles.empty());
    for (const auto& trouble : troubles) {
        EXPECT_EQ(trouble.kind, Trouble::Kind::retried);
        EXPECT_EQ(trouble.rank, 0);
        EXPECT_EQ(trouble.reason, "stale handle");
    }
}

TEST(RunTasksRetry, GivesUpAfterTheSecondAttemptAndAtOnceWhereTheInputIsAtFault) {
    std::vector<Trouble> troubles;
    std::vector<int> attempts(3);
    const auto outcomes = run_with_attempts(
        Tasks(3),
        [&](std::size_t task, int) {
            ++attempts[task];
            if (task == 0) { throw UnreadableError("mount is gone"); }
            if (task == 1) { throw DataError("torn"); }
        },
        &troubles);
    for (std::size_t task = 0; task < attempts.size(); ++task) {
        const auto all = test_world().gather(std::to_string(attempts[task]));
        int sum = 0;
        for (const auto& text : all) { sum += std::stoi(text); }
        if (test_world().is_root()) { EXPECT_EQ(sum, task == 0 ? 2 : 1) << "task " << task; }
    }
    if (!test_world().is_root()) { return; }
    EXPECT_EQ(outcomes[0].state, TaskState::failed);
    EXPECT_EQ(outcomes[0].reason, "mount is gone");
    EXPECT_EQ(outcomes[1].state, TaskState::failed);
    EXPECT_EQ(outcomes[2].state, TaskState::done);
    ASSERT_EQ(troubles.size(), 1U);
    EXPECT_EQ(troubles[0].task, 0U);
}

TEST(RunTasksRetry, ComesBackToATaskThatOthersWereAt) {
    const auto outcomes =
        run_with_attempts(Tasks{{9, {}}, {1, {}}, {1, {0}}}, [](std::size_t task, int tries) {
            if (task == 0 && tries == 0) { throw TaskBusy(); }
        });
    for (const auto& outcome : outcomes) { EXPECT_EQ(outcome.state, TaskState::done); }
}

TEST(RunTasksRetry, DrainsWhenNothingCanBeWritten) {
    Tasks tasks(1000);
    tasks[0].cost = 1;  // The first to be handed out.
    std::atomic<bool> draining = false;
    TaskCalls calls;
    calls.execute = [&](std::size_t task) {
        if (task == 0) { throw DiskError("disk full"); }
        while (!draining) { std::this_thread::sleep_for(1ms); }
        return std::string();
    };
    calls.draining = [&] { draining = true; };
    const auto outcomes = run_tasks(test_world(), tasks, calls);
    if (!test_world().is_root()) { return; }
    EXPECT_EQ(outcomes.front().state, TaskState::failed);
    EXPECT_EQ(outcomes.front().reason, "disk full");
    EXPECT_EQ(outcomes.back().state, TaskState::ready);
}

// --- draining ------------------------------------------------------------------------------------

struct Drained {
    std::vector<TaskOutcome> outcomes;
    int begun = 0;      ///< Tasks of this rank.
    int announced = 0;  ///< Calls of `draining` on this rank.
};

/// Runs until rank `stopped` wants to stop, which is in its third task. No rank goes beyond its own
/// third one before it hears of that, so that tasks are left.
Drained drain_by(int stopped, const Tasks& tasks, bool interrupt) {
    Drained result;
    std::atomic<bool> stop = false;
    std::atomic<int> announced = 0;
    TaskCalls calls;
    calls.execute = [&](std::size_t) {
        const bool third = ++result.begun == 3;
        if (third && test_world().rank() == stopped) { stop = true; }
        while (third && announced == 0) { std::this_thread::sleep_for(1ms); }
        if (interrupt && announced > 0) { throw TaskInterrupted(); }
        return std::string();
    };
    calls.stop = [&] { return stop.load(); };
    calls.draining = [&] { ++announced; };
    result.outcomes = run_tasks(test_world(), tasks, calls);
    result.announced = announced;
    return result;
}

TEST(RunTasksDrain, EndsWhatRunsAndBeginsNothingWhicheverRankWasTold) {
    constexpr std::size_t kTasks = 2000;
    for (int told = 0; told < test_world().size(); ++told) {
        const auto drained = drain_by(told, Tasks(kTasks), false);
        EXPECT_EQ(drained.announced, 1) << "rank " << test_world().rank();
        const auto begun = test_world().gather(std::to_string(drained.begun));
        if (!test_world().is_root()) { continue; }
        std::size_t sum = 0;
        for (const auto& text : begun) { sum += std::stoul(text); }
        std::size_t done = 0;
        for (const auto& outcome : drained.outcomes) {
            done += outcome.state == TaskState::done ? 1 : 0;
            EXPECT_TRUE(outcome.state == TaskState::done || outcome.state == TaskState::ready);
        }
        EXPECT_EQ(done, sum) << "what was begun was ended";
        EXPECT_LT(done, kTasks);
    }
}

TEST(RunTasksDrain, LeavesInterruptedTasksUndone) {
    const auto drained = drain_by(test_world().size() - 1, Tasks(2000), true);
    for (const auto& outcome : drained.outcomes) {
        EXPECT_TRUE(outcome.state == TaskState::done || outcome.state == TaskState::ready);
    }
}

TEST(RunTasksDrain, HandsOutNothingWhenToldBeforeTheStart) {
    TaskCalls calls;
    calls.execute = [](std::size_t) -> std::string { throw DataError("called"); };
    calls.stop = [] { return true; };
    for (const auto& outcome : run_tasks(test_world(), Tasks(5), calls)) {
        EXPECT_EQ(outcome.state, TaskState::ready);
    }
}

}  // namespace
}  // namespace patchead
