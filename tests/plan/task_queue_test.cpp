#include "patchead/plan/task_queue.hpp"

#include <cmath>
#include <stdexcept>

#include <gtest/gtest.h>

namespace patchead {
namespace {

using Tasks = std::vector<Task>;
using Order = std::vector<std::size_t>;

Order drain(TaskQueue& queue, int worker = 0) {
    Order order;
    while (const auto task = queue.next(worker)) {
        order.push_back(*task);
        queue.finish(*task, worker);
    }
    return order;
}

TEST(TaskQueue, HandsOutTheLongestReadyTaskFirst) {
    TaskQueue queue(Tasks{{2, {}}, {5, {}}, {1, {}}, {9, {0}}});
    EXPECT_EQ(drain(queue), (Order{1, 0, 3, 2}));
}

TEST(TaskQueue, HandsOutEquallyLongTasksInTheirOrder) {
    TaskQueue queue(Tasks{{1, {}}, {1, {}}, {1, {}}});
    EXPECT_EQ(drain(queue), (Order{0, 1, 2}));
}

TEST(TaskQueue, GivesNothingWhileAllThatIsLeftWaitsForARunningTask) {
    TaskQueue queue(Tasks{{1, {}}, {1, {0}}});
    EXPECT_EQ(queue.next(0), 0U);
    EXPECT_EQ(queue.next(1), std::nullopt);
    EXPECT_FALSE(queue.finished());
    queue.finish(0, 0);
    EXPECT_EQ(queue.next(1), 1U);
    EXPECT_FALSE(queue.finished());
    queue.finish(1, 1);
    EXPECT_TRUE(queue.finished());
}

TEST(TaskQueue, TakesKindsForAsLongAsTheyTurnedOutToBe) {
    TaskQueue queue(Tasks{{3, {}, 0}, {2, {}, 1}, {1, {}, 1}});
    queue.set_speed(1, 2);
    EXPECT_EQ(drain(queue), (Order{1, 0, 2}));
    EXPECT_THROW(queue.set_speed(0, 0), std::logic_error);
    EXPECT_THROW(queue.set_speed(0, NAN), std::logic_error);
}

TEST(TaskQueue, IsFinishedFromTheStartWithoutTasks) {
    TaskQueue queue(Tasks{});
    EXPECT_TRUE(queue.finished());
    EXPECT_EQ(queue.next(0), std::nullopt);
}

// Inputs 0..99 by worker 0 but for the last, so the search cannot stop at the first few.
TEST(TaskQueue, PrefersATaskOfWhichTheWorkerMadeAnInputHoweverManyAreEqual) {
    constexpr std::size_t kPairs = 100;
    std::vector<Task> tasks(kPairs, Task{2, {}});
    for (std::size_t i = 0; i < kPairs; ++i) { tasks.push_back({1, {i}}); }
    TaskQueue queue(tasks);
    for (std::size_t i = 0; i < kPairs; ++i) {
        const int worker = i + 1 == kPairs ? 1 : 0;
        queue.finish(*queue.next(worker), worker);
    }
    EXPECT_EQ(queue.next(1), 2 * kPairs - 1);
    EXPECT_EQ(queue.next(1), kPairs);
}

TEST(TaskQueue, PutsLengthBeforeLocality) {
    TaskQueue queue(Tasks{{5, {}}, {4, {}}, {1, {0}}, {2, {1}}});
    EXPECT_EQ(queue.next(0), 0U);
    EXPECT_EQ(queue.next(1), 1U);
    queue.finish(0, 0);
    queue.finish(1, 1);
    EXPECT_EQ(queue.next(0), 3U);
}

// Twelve long tasks, each with a short one that reads the same images.
TEST(TaskQueue, GoesOnWithTheImagesOfTheLastTaskWhileMuchIsLeft) {
    Tasks tasks;
    for (std::size_t group = 0; group < 12; ++group) {
        tasks.push_back({10, {}, 0, group});
        tasks.push_back({1, {}, 0, group});
    }
    TaskQueue queue(tasks);
    EXPECT_EQ(queue.next(0), 0U);
    EXPECT_EQ(queue.next(0), 1U) << "the images of task 0";
    EXPECT_EQ(queue.next(0), 2U) << "nothing more of that group";
    EXPECT_EQ(queue.next(1), 4U) << "another worker has its own images";
    EXPECT_EQ(queue.next(1), 5U);
    EXPECT_EQ(queue.next(0), 3U);
    // 99 of cost are left. From 80 on, four long ones for each of two workers, length alone counts.
    for (const std::size_t next : {6U, 7U, 8U, 10U, 12U}) { EXPECT_EQ(queue.next(0), next); }
}

TEST(TaskQueue, KnowsNoImagesOfATaskWithoutAGroup) {
    Tasks tasks(40, Task{1, {}});
    tasks[7].group = 3;
    tasks[9].group = 3;
    TaskQueue queue(tasks);
    for (std::size_t next = 0; next < 7; ++next) { EXPECT_EQ(queue.next(0), next); }
    EXPECT_EQ(queue.next(0), 7U);
    EXPECT_EQ(queue.next(0), 9U);
    EXPECT_EQ(queue.next(0), 8U);
}

TEST(TaskQueue, SkipsAllThatNeedAFailedTaskAndNothingElse) {
    TaskQueue queue(Tasks{{9, {}}, {8, {}}, {7, {0, 1}}, {6, {2}}, {5, {1}}});
    EXPECT_EQ(queue.next(0), 0U);
    EXPECT_EQ(queue.fail(0, "disk on fire"), (Order{2, 3}));
    EXPECT_EQ(queue.state(2), TaskState::skipped);
    EXPECT_EQ(queue.state(3), TaskState::skipped);
    EXPECT_EQ(drain(queue), (Order{1, 4}));
    EXPECT_TRUE(queue.finished());
    EXPECT_EQ(queue.reason(0), "disk on fire");
    EXPECT_EQ(queue.reason(3), "an input failed: disk on fire");
    EXPECT_EQ(queue.reason(4), "");
    EXPECT_EQ(queue.count(TaskState::done), 2U);
    EXPECT_EQ(queue.count(TaskState::skipped), 2U);
}

TEST(TaskQueue, NamesTheFirstOfTwoFailuresThatSkipATask) {
    TaskQueue queue(Tasks{{2, {}}, {1, {}}, {1, {0, 1}}});
    EXPECT_EQ(queue.next(0), 0U);
    EXPECT_EQ(queue.next(1), 1U);
    EXPECT_EQ(queue.fail(1, "second"), Order{2});
    EXPECT_EQ(queue.fail(0, "first"), Order{});
    EXPECT_EQ(queue.reason(2), "an input failed: second");
    EXPECT_TRUE(queue.finished());
}

TEST(TaskQueue, RefusesATaskThatNeedsItselfOrALaterOne) {
    EXPECT_THROW(TaskQueue(Tasks{{1, {0}}}), std::logic_error);
    EXPECT_THROW(TaskQueue(Tasks{{1, {1}}, {1, {}}}), std::logic_error);
    EXPECT_THROW(TaskQueue(Tasks{{1, {}}, {1, {7}}}), std::logic_error);
}

TEST(TaskQueue, RefusesACostThatDoesNotCompare) {
    EXPECT_THROW(TaskQueue(Tasks{{std::nan(""), {}}}), std::logic_error);
}

TEST(TaskQueue, RefusesAnEndOfWhatDoesNotRun) {
    TaskQueue queue(Tasks{{1, {}}});
    EXPECT_THROW(queue.finish(0, 0), std::logic_error);
    ASSERT_EQ(queue.next(0), 0U);
    queue.finish(0, 0);
    EXPECT_THROW(queue.finish(0, 0), std::logic_error);
    EXPECT_THROW(queue.fail(0, "late"), std::logic_error);
    EXPECT_EQ(queue.state(0), TaskState::done);
}

TEST(TaskQueue, HandsOutAReleasedTaskAgain) {
    TaskQueue queue(Tasks{{2, {}}, {1, {}}, {1, {0}}});
    EXPECT_EQ(queue.next(0), 0U);
    queue.release(0);
    EXPECT_EQ(queue.state(0), TaskState::ready);
    EXPECT_EQ(drain(queue, 1), (Order{0, 2, 1}));
    EXPECT_TRUE(queue.finished());
}

// The task lies in two heaps at once: that of all and that of the worker who made its input.
TEST(TaskQueue, HandsOutAReleasedTaskOnceHoweverOftenItWasReleased) {
    TaskQueue queue(Tasks{{2, {}}, {1, {0}}});
    EXPECT_EQ(queue.next(0), 0U);
    queue.finish(0, 0);
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(queue.next(0), 1U);
        EXPECT_EQ(queue.next(0), std::nullopt);
        EXPECT_EQ(queue.next(1), std::nullopt);
        queue.release(1);
    }
    EXPECT_EQ(drain(queue), (Order{1}));
}

TEST(TaskQueue, KeepsARetryFromTheWorkerThatFailedAtIt) {
    TaskQueue queue(Tasks{{2, {}}, {1, {}}});
    EXPECT_EQ(queue.next(0), 0U);
    queue.retry_elsewhere(0, 0);
    EXPECT_EQ(queue.next(0), 1U);
    EXPECT_EQ(queue.next(0), std::nullopt);
    EXPECT_FALSE(queue.finished());
    EXPECT_EQ(queue.next(1), 0U);
    EXPECT_EQ(queue.next(2), std::nullopt);
    queue.finish(0, 1);
    queue.finish(1, 0);
    EXPECT_TRUE(queue.finished());
}

TEST(TaskQueue, TakesNothingBackThatDoesNotRun) {
    TaskQueue queue(Tasks{{1, {}}});
    EXPECT_THROW(queue.release(0), std::logic_error);
    EXPECT_THROW(queue.retry_elsewhere(0, 0), std::logic_error);
}

}  // namespace
}  // namespace patchead
