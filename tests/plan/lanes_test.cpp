#include "patchead/plan/lanes.hpp"

#include <gtest/gtest.h>

#include "patchead/plan/task_queue.hpp"

namespace patchead {
namespace {

using Tasks = std::vector<Task>;
using Lanes = std::vector<Lane>;

Task of_device(double cost, std::vector<std::size_t> needs = {}) {
    return {cost, std::move(needs), 0, Task::kNoGroup, true};
}
Task of_cores(double cost, std::vector<std::size_t> needs = {}) {
    return {cost, std::move(needs), 1};
}

constexpr int kDevice = 0;
constexpr int kCores = 1;
const Lanes kOneEach{Lane::device, Lane::cores};

TEST(Lanes, AreBothWithoutCoreRanks) {
    EXPECT_EQ(lanes_of(3, 0, 0), Lanes(3, Lane::both));
    EXPECT_EQ(lanes_of(3, 2, 0), Lanes(3, Lane::both));
}

TEST(Lanes, OfTheLastRanksOfEachMachineAreTheCores) {
    constexpr auto kD = Lane::device;
    constexpr auto kC = Lane::cores;
    EXPECT_EQ(lanes_of(4, 0, 1), (Lanes{kD, kD, kD, kC}));
    EXPECT_EQ(lanes_of(8, 4, 3), (Lanes{kD, kC, kC, kC, kD, kC, kC, kC}));
    EXPECT_EQ(lanes_of(5, 3, 1), (Lanes{kD, kD, kC, kD, kC})) << "the last machine has two";
}

TEST(Lanes, LeaveARankForTheDevice) {
    EXPECT_EQ(lanes_of(1, 0, 1), Lanes{Lane::device});
    EXPECT_EQ(lanes_of(2, 0, 9), kOneEach);
    EXPECT_EQ(lanes_of(3, 2, 2), (Lanes{Lane::device, Lane::cores, Lane::device}));
}

TEST(TaskQueueLanes, KeepTasksOfTheDeviceFromTheCores) {
    TaskQueue queue(Tasks{of_device(9), of_cores(1), of_device(8)}, kOneEach);
    EXPECT_EQ(queue.next(kCores), 1U);
    EXPECT_EQ(queue.next(kCores), std::nullopt);
    EXPECT_FALSE(queue.finished());
    EXPECT_EQ(queue.next(kDevice), 0U);
    EXPECT_EQ(queue.next(kDevice), 2U);
}

TEST(TaskQueueLanes, LetTheDeviceHelpTheCoresOnlyWhileItHasNothingOfItsOwn) {
    TaskQueue queue(Tasks{of_cores(9), of_device(1), of_cores(8), of_device(1, {1})}, kOneEach);
    EXPECT_EQ(queue.next(kDevice), 1U) << "short, but of the device";
    EXPECT_EQ(queue.next(kDevice), 0U) << "task 3 waits";
    queue.finish(1, kDevice);
    queue.finish(0, kDevice);
    EXPECT_EQ(queue.next(kDevice), 3U);
    EXPECT_EQ(queue.next(kDevice), 2U);
}

TEST(TaskQueueLanes, KeepLocalityAmongWhatAWorkerTakes) {
    TaskQueue queue(
        Tasks{of_cores(2), of_cores(2), of_device(1, {0}), of_cores(1, {0}), of_cores(1, {1})},
        {Lane::device, Lane::cores, Lane::cores});
    EXPECT_EQ(queue.next(1), 0U);
    EXPECT_EQ(queue.next(2), 1U);
    queue.finish(0, 1);
    queue.finish(1, 2);
    EXPECT_EQ(queue.next(2), 4U) << "it made the input";
    EXPECT_EQ(queue.next(2), 3U);
    EXPECT_EQ(queue.next(kDevice), 2U);
}

TEST(TaskQueueLanes, GiveARetryToWhoTakesIt) {
    TaskQueue queue(Tasks{of_device(2), of_cores(1)}, {Lane::device, Lane::cores, Lane::device});
    EXPECT_EQ(queue.next(0), 0U);
    EXPECT_EQ(queue.next(1), 1U);
    queue.retry_elsewhere(0, 0);
    queue.retry_elsewhere(1, 1);
    EXPECT_EQ(queue.next(1), std::nullopt) << "one is of the device, at one it failed";
    EXPECT_EQ(queue.next(0), 1U);
    EXPECT_EQ(queue.next(2), 0U);
}

// Else the run would wait for a worker that does not exist.
TEST(TaskQueueLanes, LetTheOnlyWorkerThatTakesATaskTryAgain) {
    TaskQueue queue(Tasks{of_device(2)}, kOneEach);
    EXPECT_EQ(queue.next(kDevice), 0U);
    queue.retry_elsewhere(0, kDevice);
    EXPECT_EQ(queue.next(kCores), std::nullopt);
    EXPECT_EQ(queue.next(kDevice), 0U);
    queue.finish(0, kDevice);
    EXPECT_TRUE(queue.finished());

    TaskQueue alone(Tasks{of_cores(1)}, {Lane::both});
    EXPECT_EQ(alone.next(0), 0U);
    alone.retry_elsewhere(0, 0);
    EXPECT_EQ(alone.next(0), 0U);
}

TEST(TaskQueueLanes, RefuseATaskThatNobodyTakes) {
    EXPECT_THROW(TaskQueue(Tasks{of_device(1)}, {Lane::cores}), std::logic_error);
    EXPECT_NO_THROW(TaskQueue(Tasks{of_cores(1)}, {Lane::cores}));
}

TEST(TaskQueueLanes, LetTheCoresBeAskedFirst) {
    const TaskQueue queue({}, {Lane::device, Lane::cores, Lane::device, Lane::cores});
    std::vector<int> waiting;
    for (const int worker : {1, 0, 3, 2}) { queue.line_up(worker, waiting); }
    EXPECT_EQ(waiting, (std::vector{0, 2, 1, 3})) << "from the back";

    const TaskQueue without_lanes({});
    waiting.clear();
    for (const int worker : {1, 0, 2}) { without_lanes.line_up(worker, waiting); }
    EXPECT_EQ(waiting, (std::vector{1, 0, 2}));
}

}  // namespace
}  // namespace patchead
