#include "patchead/core/random.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include <gtest/gtest.h>

namespace patchead {
namespace {

// Values of an independent statement of the definition in Python (key "key", seed 7).
TEST(Random, IsTheSameOnEveryMachine) {
    Random random("key", 7);
    EXPECT_EQ(random.bits(), 0x39c49933c2756af4ULL);
    EXPECT_EQ(random.bits(), 0x792efafe48c5c7f2ULL);
}

TEST(Random, DependsOnKeyAndSeed) {
    EXPECT_NE(Random("a", 0).bits(), Random("b", 0).bits());
    EXPECT_NE(Random("a", 0).bits(), Random("a", 1).bits());
    EXPECT_EQ(Random("a", 1).bits(), Random("a", 1).bits());
}

TEST(Random, BelowIsUniform) {
    Random random("below", 0);
    std::array<int, 7> counts{};
    for (int i = 0; i < 70'000; ++i) { ++counts.at(random.below(7)); }
    for (const int count : counts) { EXPECT_NEAR(count, 10'000, 400); }  // 4 sigma
}

TEST(Random, NormalHasMeanZeroAndVarianceOne) {
    Random random("normal", 0);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < 100'000; ++i) {
        const double x = random.normal();
        sum += x;
        squares += x * x;
    }
    EXPECT_NEAR(sum / 1e5, 0, 0.013);
    EXPECT_NEAR(squares / 1e5, 1, 0.018);
}

TEST(Shuffled, HoldsEveryNumberOnce) {
    auto order = shuffled(100, Random("shuffle", 3));
    EXPECT_FALSE(std::ranges::is_sorted(order));
    std::ranges::sort(order);
    for (std::size_t i = 0; i < order.size(); ++i) { EXPECT_EQ(order[i], i); }
}

TEST(Shuffled, PutsEveryNumberFirstEquallyOften) {
    std::array<int, 5> first{};
    for (std::uint64_t seed = 0; seed < 5000; ++seed) {
        ++first.at(shuffled(5, Random("first", seed)).front());
    }
    for (const int count : first) { EXPECT_NEAR(count, 1000, 115); }  // 4 sigma
}

TEST(Shuffled, OfNothingIsNothing) { EXPECT_TRUE(shuffled(0, Random("none", 0)).empty()); }

}  // namespace
}  // namespace patchead
