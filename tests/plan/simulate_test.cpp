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

TEST(Simulate, HasNothingToDoWithoutTasks) {
    const auto run = simulate({}, 8);
    EXPECT_EQ(run.seconds, 0);
    EXPECT_EQ(run.efficiency, 1);
}

}  // namespace
}  // namespace patchead
