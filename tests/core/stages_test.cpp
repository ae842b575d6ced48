#include "patchead/core/stages.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace patchead {
namespace {

using std::chrono::milliseconds;

const StageWork& of(const StageTally& tally, Stage stage) {
    return tally[static_cast<std::size_t>(stage)];
}

TEST(StageTimer, DoesNotCountTheTimeOfTimersInsideTwice) {
    const auto before = stage_tally();
    const auto start = std::chrono::steady_clock::now();
    {
        const StageTimer score(Stage::score);
        const StageTimer read(Stage::read);
        std::this_thread::sleep_for(milliseconds(20));
    }
    const std::chrono::duration<double> all = std::chrono::steady_clock::now() - start;
    const auto work = difference(before, stage_tally());
    EXPECT_GE(of(work, Stage::read).seconds, 0.02);
    EXPECT_LE(of(work, Stage::score).seconds + of(work, Stage::read).seconds, all.count());
}

TEST(StageTimer, OfAnotherThreadIsNotInside) {
    const auto before = stage_tally();
    {
        const StageTimer wait(Stage::wait);
        std::thread([] {
            const StageTimer decode(Stage::decode);
            std::this_thread::sleep_for(milliseconds(20));
        }).join();
    }
    const auto work = difference(before, stage_tally());
    EXPECT_GE(of(work, Stage::decode).seconds, 0.02);
    EXPECT_GE(of(work, Stage::wait).seconds, 0.02);
}

TEST(CountWork, AddsToOneStage) {
    const auto before = stage_tally();
    count_work(Stage::match, {1, 2, 3});
    count_work(Stage::match, {0, 10, 0});
    const auto work = difference(before, stage_tally());
    EXPECT_EQ(of(work, Stage::match).flops, 12);
    EXPECT_EQ(of(work, Stage::match).bytes, 3);
    EXPECT_EQ(of(work, Stage::forward).flops, 0);
}

}  // namespace
}  // namespace patchead
