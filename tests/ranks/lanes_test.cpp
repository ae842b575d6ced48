#include <functional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "patchead/core/error.hpp"
#include "patchead/ranks/run_tasks.hpp"
#include "support/mpi_test.hpp"
#include "support/notice_board.hpp"

namespace patchead {
namespace {

using Execute = std::function<std::string(std::size_t)>;

/// So many of them take only what needs no device, as long as one is left.
Lane lane_with(int core_ranks) {
    return lane_of(test_world().rank(), test_world().size(), core_ranks);
}

std::vector<TaskOutcome> run_in_lanes(const std::vector<Task>& tasks, int core_ranks,
                                      const Execute& execute) {
    TaskCalls calls;
    calls.execute = execute;
    return run_tasks(test_world(), tasks, calls, {}, lane_with(core_ranks));
}

std::vector<Task> tasks_in_turn(std::size_t count) {
    std::vector<Task> tasks(count);
    for (std::size_t i = 0; i < count; ++i) { tasks[i].needs_device = i % 2 == 0; }
    return tasks;
}

TEST(RunTasksLanes, GiveTasksOfTheDeviceToItsRanksAlone) {
    const auto tasks = tasks_in_turn(200);
    for (const int core_ranks : {1, 2, 9}) {
        const auto outcomes = run_in_lanes(tasks, core_ranks, [&](std::size_t task) {
            require<DataError>(!tasks[task].needs_device || lane_with(core_ranks) != Lane::cores,
                               "rank ", test_world().rank(), " has no device");
            return std::string("fine");
        });
        for (const auto& outcome : outcomes) { EXPECT_EQ(outcome.report, "fine"); }
    }
}

// As many tasks of each kind as ranks for them; none ends before all have begun.
TEST(RunTasksLanes, LetAllRanksWork) {
    const NoticeBoard board;
    const int size = test_world().size();
    std::vector<Task> tasks(static_cast<std::size_t>(size));
    const int core_ranks = size / 2;
    for (int i = 0; i < size; ++i) {
        tasks[static_cast<std::size_t>(i)].needs_device =
            lane_of(i, size, core_ranks) != Lane::cores;
    }
    const auto outcomes = run_in_lanes(tasks, core_ranks, [&](std::size_t task) {
        board.put(std::to_string(task));
        board.wait_for_notes(tasks.size());
        return std::string();
    });
    std::set<int> ranks;
    for (const auto& outcome : outcomes) { ranks.insert(outcome.rank); }
    if (test_world().is_root()) { EXPECT_EQ(ranks.size(), tasks.size()); }
}

// The same where only work for cores is left.
TEST(RunTasksLanes, LetRanksOfTheDeviceHelp) {
    const NoticeBoard board;
    const auto size = static_cast<std::size_t>(test_world().size());
    const auto outcomes = run_in_lanes(std::vector<Task>(size), 1, [&](std::size_t task) {
        board.put(std::to_string(task));
        board.wait_for_notes(size);
        return std::string();
    });
    for (const auto& outcome : outcomes) { EXPECT_EQ(outcome.state, TaskState::done); }
}

// One rank has the device: no other may try, and the run must not wait for one.
TEST(RunTasksLanes, RepeatWhatFailedOnTheOnlyRankOfTheDevice) {
    int tries = 0;
    const auto outcomes = run_in_lanes(tasks_in_turn(2), 9, [&](std::size_t task) {
        require<CacheError>(task != 0 || ++tries > 1, "stale handle");
        return std::to_string(test_world().rank());
    });
    if (!test_world().is_root()) { return; }
    EXPECT_EQ(tries, 2);
    EXPECT_EQ(outcomes[0].report, "0");
    EXPECT_EQ(outcomes[1].state, TaskState::done);
}

// No rank of this name is in any sweep: one is always left for the device.
TEST(RunTasksLanes, RefuseATaskThatNoRankTakes) {
    TaskCalls calls;
    calls.execute = [](std::size_t) { return std::string(); };
    EXPECT_THROW(
        static_cast<void>(run_tasks(Communicator(), tasks_in_turn(1), calls, {}, Lane::cores)),
        std::logic_error);
}

}  // namespace
}  // namespace patchead
