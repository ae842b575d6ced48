#include "patchead/plan/simulate.hpp"

#include <gtest/gtest.h>

namespace patchead {
namespace {

using Tasks = std::vector<Task>;

constexpr HandOut kFree{0, 0};

TEST(Simulate, OneRankTakesTheSum) {
    const auto run = simulate(Tasks{{3, {}}, {4, {}}, {5, {0}}}, 1, kFree);
    EXPECT_DOUBLE_EQ(run.seconds, 12);
    EXPECT_DOUBLE_EQ(run.rank_seconds, 12);
    EXPECT_DOUBLE_EQ(run.critical_path, 8);
    EXPECT_DOUBLE_EQ(run.efficiency, 1);
    EXPECT_EQ(reason_of(run), "");
}

// Longest first: 6 | 5; then 4 after 5, 3 after 6.
TEST(Simulate, GivesTheLongestReadyTaskToWhoeverIsFree) {
    const auto run = simulate(Tasks{{3, {}}, {4, {}}, {5, {}}, {6, {}}}, 2, kFree);
    EXPECT_DOUBLE_EQ(run.seconds, 9);
    EXPECT_DOUBLE_EQ(run.efficiency, 1);
}

TEST(Simulate, ManyRanksAreNoFasterThanTheCriticalPath) {
    Tasks tasks(100, Task{1, {}});
    tasks.push_back({10, {0}});
    const auto run = simulate(tasks, 1000, kFree);
    EXPECT_DOUBLE_EQ(run.seconds, 11);
    EXPECT_DOUBLE_EQ(run.critical_path, 11);
    EXPECT_NE(reason_of(run).find("critical path"), std::string::npos);
}

TEST(Simulate, TellsOfTasksThatAreTooLongForSoManyRanks) {
    const auto run = simulate(Tasks(9, Task{1, {}}), 8, kFree);
    EXPECT_DOUBLE_EQ(run.seconds, 2);
    EXPECT_DOUBLE_EQ(run.efficiency, 9.0 / 16);
    EXPECT_DOUBLE_EQ(run.idle, 7);
    EXPECT_NE(reason_of(run).find("too long"), std::string::npos);
}

TEST(Simulate, TellsOfAManagerThatIsTooSlow) {
    const auto run = simulate(Tasks(1000, Task{0.01, {}}), 100, {0.01, 0});
    EXPECT_NEAR(run.seconds, 10.01, 1e-9);
    EXPECT_NE(reason_of(run).find("manager"), std::string::npos);
}

// Two of the device one after the other; the cores do the rest meanwhile.
TEST(Simulate, PlaysLanesSideBySide) {
    Tasks tasks(6, Task{1, {}});
    for (int i = 0; i < 2; ++i) { tasks.push_back({3, {}, 1, Task::kNoGroup, true}); }
    EXPECT_DOUBLE_EQ(simulate(tasks, 1, kFree).seconds, 12);
    const auto run = simulate(tasks, {Lane::device, Lane::cores}, kFree);
    EXPECT_DOUBLE_EQ(run.seconds, 6);
    EXPECT_DOUBLE_EQ(run.efficiency, 1);
    EXPECT_EQ(run.ranks, 2);
    EXPECT_EQ(run.core_ranks, 1);
    EXPECT_DOUBLE_EQ(run.device_seconds, 6);
}

// The cores do one of four, in twice its time.
TEST(Simulate, PlaysCoreRanksOfFewerCores) {
    const auto run = simulate(Tasks(3, Task{1, {}}), {Lane::device, Lane::cores}, kFree, 2);
    EXPECT_DOUBLE_EQ(run.seconds, 2);
    EXPECT_DOUBLE_EQ(run.rank_seconds, 4);
    EXPECT_DOUBLE_EQ(run.efficiency, 1);
}

TEST(Simulate, LetsRanksOfTheDeviceHelpAndTellsOfTooFew) {
    const Tasks of_cores(8, Task{1, {}});
    const std::vector<Lane> lanes{Lane::device, Lane::cores, Lane::cores, Lane::cores};
    EXPECT_DOUBLE_EQ(simulate(of_cores, lanes, kFree).seconds, 2);
    const auto run = simulate(Tasks(8, Task{1, {}, 0, Task::kNoGroup, true}), lanes, kFree);
    EXPECT_DOUBLE_EQ(run.seconds, 8);
    EXPECT_DOUBLE_EQ(run.unavoidable, 0.75);
    EXPECT_NE(reason_of(run).find("need the device"), std::string::npos);
}

TEST(Simulate, HasNothingToDoWithoutTasks) {
    const auto run = simulate({}, 8);
    EXPECT_EQ(run.seconds, 0);
    EXPECT_EQ(run.efficiency, 1);
}

}  // namespace
}  // namespace patchead
