#include "patchead/core/timing.hpp"

#include <chrono>
#include <thread>

#include <gtest/gtest.h>

namespace patchead {
namespace {

void sleep_a_while() { std::this_thread::sleep_for(std::chrono::milliseconds(50)); }

TEST(BestSeconds, OfAThreadDoNotCountTimeInWhichItWasNotAtWork) {
    EXPECT_LT(best_seconds(Timed::this_thread, 3, 1, sleep_a_while), 0.045);
    EXPECT_GE(best_seconds(Timed::other_threads, 3, 1, sleep_a_while), 0.05);
}

TEST(BestSeconds, AreThoseOfTheFastestTry) {
    int tries = 0;
    const double best = best_seconds(Timed::other_threads, 4, 10, [&] {
        if (tries++ != 2) { sleep_a_while(); }
    });
    EXPECT_EQ(tries, 4);
    EXPECT_LT(best, 0.05);
}

TEST(BestSeconds, StopTryingWhatTakesLong) {
    int tries = 0;
    (void)best_seconds(Timed::other_threads, 9, 0.07, [&] {
        ++tries;
        sleep_a_while();
    });
    EXPECT_LE(tries, 2);
}

}  // namespace
}  // namespace patchead
