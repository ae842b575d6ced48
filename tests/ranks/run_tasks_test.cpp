#include "patchead/ranks/run_tasks.hpp"

#include <chrono>
#include <new>
#include <random>
#include <set>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

#include "patchead/core/error.hpp"
#include "support/mpi_test.hpp"
#include "support/notice_board.hpp"

namespace patchead {
namespace {

using namespace std::chrono_literals;
using Tasks = std::vector<Task>;

TaskCalls only(std::function<std::string(std::size_t)> execute) {
    TaskCalls calls;
    calls.execute = std::move(execute);
    return calls;
}

std::vector<TaskOutcome> run(const Tasks& tasks,
                             const std::function<std::string(std::size_t)>& execute) {
    return run_tasks(test_world(), tasks, only(execute));
}

/// A graph with costs that tie and up to three needs a task, the same on every rank.
Tasks random_tasks(std::size_t count) {
    std::mt19937 random(1);
    Tasks tasks;
    for (std::size_t task = 0; task < count; ++task) {
        tasks.push_back({static_cast<double>(random() % 5), {}});
        for (auto n = task == 0 ? 0 : random() % 4; n > 0; --n) {
            tasks[task].needs.push_back(random() % task);
        }
    }
    return tasks;
}

std::string answer_or_fail(std::size_t task) {
    require<DataError>(task % 40 != 23, "task ", task, " is broken");
    return concat("result of ", task);
}

// The run without MPI is the oracle: same tasks, one rank, no messages.
TEST(RunTasks, GivesTheSameOutcomesForAnyNumberOfRanks) {
    const auto tasks = random_tasks(300);
    const auto outcomes = run(tasks, answer_or_fail);
    if (!test_world().is_root()) {
        EXPECT_TRUE(outcomes.empty());
        return;
    }
    const auto alone = run_tasks(Communicator(), tasks, only(answer_or_fail));
    ASSERT_EQ(outcomes.size(), tasks.size());
    std::set<TaskState> seen;
    for (std::size_t task = 0; task < tasks.size(); ++task) {
        EXPECT_EQ(outcomes[task].state, alone[task].state) << "task " << task;
        EXPECT_EQ(outcomes[task].report, alone[task].report);
        if (outcomes[task].state == TaskState::failed) {
            EXPECT_EQ(outcomes[task].reason, alone[task].reason);
        }
        seen.insert(outcomes[task].state);
    }
    EXPECT_EQ(seen, (std::set{TaskState::done, TaskState::failed, TaskState::skipped}));
}

// The clock is that of the machine, the same for all ranks.
TEST(RunTasks, StartsNoTaskBeforeItsInputsAreDone) {
    const auto tasks = random_tasks(200);
    const auto now = [] { return std::chrono::steady_clock::now().time_since_epoch().count(); };
    const auto outcomes = run(tasks, [&](std::size_t) {
        const auto begin = now();
        std::this_thread::sleep_for(100us);
        return concat(begin, " ", now());
    });
    std::vector<long long> begins(outcomes.size());
    std::vector<long long> ends(outcomes.size());
    for (std::size_t task = 0; task < outcomes.size(); ++task) {
        std::istringstream(outcomes[task].report) >> begins[task] >> ends[task];
        ASSERT_GT(ends[task], 0) << "task " << task << " has no report";
        for (const auto need : tasks[task].needs) { EXPECT_LE(ends[need], begins[task]); }
    }
}

TEST(RunTasks, RunsEveryTaskOnce) {
    constexpr std::size_t kTasks = 2000;
    std::string mine(kTasks, '0');
    const auto outcomes = run(Tasks(kTasks), [&](std::size_t task) {
        ++mine[task];
        return std::string();
    });
    const auto counts = test_world().gather(mine);
    for (std::size_t task = 0; task < outcomes.size(); ++task) {
        int runs = 0;
        for (std::size_t rank = 0; rank < counts.size(); ++rank) {
            const int here = counts[rank][task] - '0';
            EXPECT_TRUE(here == 0 || outcomes[task].rank == static_cast<int>(rank));
            runs += here;
        }
        EXPECT_EQ(runs, 1) << "task " << task;
    }
}

std::set<int> ranks_of(const std::vector<TaskOutcome>& outcomes) {
    std::set<int> ranks;
    for (const auto& outcome : outcomes) { ranks.insert(outcome.rank); }
    return ranks;
}

// No task ends before all have begun.
TEST(RunTasks, LetsEveryRankWork) {
    const NoticeBoard board;
    const auto size = static_cast<std::size_t>(test_world().size());
    const auto outcomes = run(Tasks(size), [&](std::size_t task) {
        board.put(std::to_string(task));
        board.wait_for_notes(size);
        return std::string();
    });
    if (test_world().is_root()) { EXPECT_EQ(ranks_of(outcomes).size(), size); }
}

// All ranks but one find nothing ready at first; they must not have left.
TEST(RunTasks, CallsIdleRanksWhenSomethingBecomesReady) {
    const NoticeBoard board;
    const auto size = static_cast<std::size_t>(test_world().size());
    Tasks tasks(1);
    for (std::size_t n = 0; n < size; ++n) { tasks.push_back({1, {0}}); }
    auto outcomes = run(tasks, [&](std::size_t task) {
        if (task == 0) {
            std::this_thread::sleep_for(150ms);
        } else {
            board.put(std::to_string(task));
            board.wait_for_notes(size);
        }
        return std::string();
    });
    if (!test_world().is_root()) { return; }
    outcomes.erase(outcomes.begin());
    EXPECT_EQ(ranks_of(outcomes).size(), size);
}

TEST(RunTasks, SkipsWhatNeedsAFailedTaskAndRunsTheRest) {
    const auto outcomes = run(Tasks{{4, {}}, {3, {}}, {2, {0}}, {2, {1}}, {1, {2}}},
                              [](std::size_t task) -> std::string {
                                  if (task == 0) { throw DataError("a.png is torn"); }
                                  return "fine";
                              });
    if (!test_world().is_root()) { return; }
    EXPECT_EQ(outcomes[0].state, TaskState::failed);
    EXPECT_EQ(outcomes[0].reason, "a.png is torn");
    EXPECT_EQ(outcomes[0].report, "");
    EXPECT_EQ(outcomes[1].report, "fine");
    EXPECT_EQ(outcomes[3].state, TaskState::done);
    for (const std::size_t skipped : {2U, 4U}) {
        EXPECT_EQ(outcomes[skipped].state, TaskState::skipped);
        EXPECT_EQ(outcomes[skipped].reason, "an input failed: a.png is torn");
        EXPECT_EQ(outcomes[skipped].rank, -1);
    }
}

TEST(RunTasks, TakesAnyExceptionForAFailureOfThatTaskAlone) {
    const auto outcomes = run(Tasks(4), [](std::size_t task) -> std::string {
        if (task == 0) { throw std::bad_alloc(); }
        if (task == 1) { throw 42; }
        if (task == 2) { throw std::out_of_range("beyond"); }
        return "fine";
    });
    if (!test_world().is_root()) { return; }
    EXPECT_EQ(outcomes[0].reason, std::bad_alloc().what());
    EXPECT_EQ(outcomes[1].state, TaskState::failed);
    EXPECT_FALSE(outcomes[1].reason.empty());
    EXPECT_EQ(outcomes[2].reason, "beyond");
    EXPECT_EQ(outcomes[3].report, "fine");
}

std::string long_report(std::size_t task) {
    std::string text(task * 1'000'000, '\0');
    for (std::size_t i = 0; i < text.size(); ++i) { text[i] = static_cast<char>((i + task) % 251); }
    return text;
}

TEST(RunTasks, CarriesReportsOfAnyLength) {
    const auto outcomes = run(Tasks(12), long_report);
    for (std::size_t task = 0; task < outcomes.size(); ++task) {
        EXPECT_TRUE(outcomes[task].report == long_report(task)) << "task " << task;
    }
}

TEST(RunTasks, EndsAtOnceWithoutTasks) {
    EXPECT_TRUE(run({}, [](std::size_t) -> std::string { throw DataError("called"); }).empty());
}

TEST(RunTasks, ReportsTimesOnTheClockOfTheRun) {
    const auto outcomes = run(Tasks{{1, {}}, {1, {0}}}, [](std::size_t) {
        std::this_thread::sleep_for(30ms);
        return std::string();
    });
    if (!test_world().is_root()) { return; }
    EXPECT_GE(outcomes[0].seconds, 0.03);
    EXPECT_GE(outcomes[1].started, outcomes[0].started + outcomes[0].seconds);
}

// --- progress ------------------------------------------------------------------------------------

TEST(RunTasksProgress, CountsEveryTaskAndTheCostThatIsLeft) {
    std::vector<Progress> shown;
    const TaskCalls calls{[](std::size_t task) {
                              require<DataError>(task != 0, "no");
                              return std::string();
                          },
                          [&](const Progress& progress) { shown.push_back(progress); }};
    static_cast<void>(run_tasks(test_world(), Tasks{{8, {}}, {4, {}}, {2, {0}}}, calls));
    if (!test_world().is_root()) {
        EXPECT_TRUE(shown.empty());
        return;
    }
    ASSERT_GE(shown.size(), 2U);
    std::set<std::size_t> ended;
    for (const auto& progress : shown) {
        EXPECT_EQ(progress.total, 3U);
        EXPECT_EQ(progress.ranks, test_world().size());
        if (progress.latest != nullptr) { ended.insert(progress.latest_task); }
    }
    EXPECT_EQ(ended, (std::set<std::size_t>{0, 1}));
    const auto& last = shown.back();
    EXPECT_EQ(last.done, 1U);
    EXPECT_EQ(last.failed, 1U);
    EXPECT_EQ(last.skipped, 1U);
    EXPECT_EQ(last.running, 0U);
    EXPECT_DOUBLE_EQ(last.cost_done, 12);
    EXPECT_DOUBLE_EQ(last.cost_total, 12);
}

// The task is as long as that takes.
TEST(RunTasksProgress, IsShownAgainAndAgainWhileALongTaskRuns) {
    const NoticeBoard board;
    int shown = 0;
    const TaskCalls calls{[&](std::size_t) {
                              board.wait_for_notes(3);
                              return std::string();
                          },
                          [&](const Progress& progress) {
                              if (progress.latest == nullptr) { board.put(concat(++shown)); }
                          }};
    static_cast<void>(run_tasks(test_world(), Tasks(1), calls));
    if (test_world().is_root()) { EXPECT_GE(shown, 3); }
}

// Under mpirun this ends the job, which failures_test.py watches; here without MPI.
TEST(RunTasksProgress, EndsTheRunWithItsException) {
    const TaskCalls calls{[](std::size_t) { return std::string(); },
                          [](const Progress&) { throw CacheError("disk full"); }};
    EXPECT_THROW(static_cast<void>(run_tasks(Communicator(), Tasks(3), calls)), CacheError);
}

}  // namespace
}  // namespace patchead
