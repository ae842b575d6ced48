#include "pipeline/inputs_ahead.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

namespace patchead {
namespace {

/// Its one value is the row.
NetworkInput numbered(std::size_t row) { return {1, 1, {static_cast<float>(row)}}; }

TEST(InputsAhead, GivesTheRowsInOrder) {
    InputsAhead inputs({numbered}, 50, 3);
    for (std::size_t row = 0; row < 50; ++row) {
        EXPECT_EQ(inputs.next().values.front(), static_cast<float>(row));
    }
}

TEST(InputsAhead, GivesTheRowsInOrderWhateverThreadIsFaster) {
    const auto slower_at_times = [](std::size_t row) {
        std::this_thread::sleep_for(std::chrono::microseconds(row % 3 == 0 ? 900 : 100));
        return numbered(row);
    };
    InputsAhead inputs({slower_at_times, 4}, 60, 8);
    for (std::size_t row = 0; row < 60; ++row) {
        EXPECT_EQ(inputs.next().values.front(), static_cast<float>(row));
    }
}

TEST(InputsAhead, UsesItsThreadsAtTheSameTime) {
    std::atomic<int> inside{0};
    std::atomic<bool> met{false};
    const auto meet = [&](std::size_t row) {
        ++inside;
        while (!met) {  // One thread alone would wait until ctest ends it.
            if (inside == 2) { met = true; }
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        --inside;
        return numbered(row);
    };
    InputsAhead inputs({meet, 2}, 2, 2);
    (void)inputs.next();
    (void)inputs.next();
    EXPECT_TRUE(met);
}

TEST(InputsAhead, MakesNoMoreThanMayWait) {
    std::atomic<std::size_t> made{0};
    const auto count = [&](std::size_t row) {
        ++made;
        return numbered(row);
    };
    InputsAhead inputs({count, 2}, 50, 3);
    std::size_t most_ahead = 0;
    for (std::size_t taken = 1; taken <= 10; ++taken) {
        (void)inputs.next();
        while (made <= taken) { std::this_thread::sleep_for(std::chrono::milliseconds(1)); }
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
        most_ahead = std::max(most_ahead, made - taken);
    }
    EXPECT_LE(most_ahead, 3U);
}

TEST(InputsAhead, TellsOfAFailureAfterTheRowsBeforeIt) {
    const auto fail_once = [](std::size_t row) {
        if (row == 2) { throw std::runtime_error("row 2"); }
        return numbered(row);
    };
    InputsAhead inputs({fail_once, 3}, 5, 4);
    EXPECT_EQ(inputs.next().values.front(), 0);
    EXPECT_EQ(inputs.next().values.front(), 1);
    EXPECT_THROW((void)inputs.next(), std::runtime_error);
}

TEST(InputsAhead, MayBeGivenUp) {
    InputsAhead inputs({numbered, 2}, 1000, 2);
    EXPECT_EQ(inputs.next().values.front(), 0);
}

}  // namespace
}  // namespace patchead
