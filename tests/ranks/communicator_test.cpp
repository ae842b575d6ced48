#include "patchead/ranks/communicator.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <thread>

#include <gtest/gtest.h>

#include "support/mpi_test.hpp"

namespace patchead {
namespace {

using namespace std::chrono_literals;

/// Every byte value, in an order of period 251, so that a piece in the wrong place shows.
std::string pattern(std::size_t size, int salt) {
    std::string text(size, '\0');
    for (std::size_t i = 0; i < size; ++i) {
        text[i] = static_cast<char>((i + static_cast<std::size_t>(salt)) % 251);
    }
    return text;
}

TEST(Communicator, KnowsItsRanks) {
    const auto& world = test_world();
    EXPECT_TRUE(world.has_mpi());
    EXPECT_GE(world.rank(), 0);
    EXPECT_LT(world.rank(), world.size());
    EXPECT_EQ(world.is_root(), world.rank() == 0);
}

// The tests run on one machine, where the places are a permutation of the ranks.
TEST(Communicator, GivesEachRankOfAMachineItsOwnPlace) {
    const auto& world = test_world();
    auto places = world.gather(std::to_string(world.local_rank()));
    std::ranges::sort(places);
    for (std::size_t i = 0; i < places.size(); ++i) { EXPECT_EQ(places[i], std::to_string(i)); }
}

// Rank r sends r letters, so lengths differ and rank 0 sends none.
TEST(Communicator, GathersInRankOrder) {
    const auto& world = test_world();
    const auto texts = world.gather(std::string(static_cast<std::size_t>(world.rank()), 'x'));
    EXPECT_EQ(texts.size(), static_cast<std::size_t>(world.is_root() ? world.size() : 0));
    for (std::size_t r = 0; r < texts.size(); ++r) { EXPECT_EQ(texts[r], std::string(r, 'x')); }
}

TEST(Communicator, GathersLongTexts) {
    const auto& world = test_world();
    const auto texts = world.gather(pattern(5'000'000, world.rank()));
    for (std::size_t r = 0; r < texts.size(); ++r) {
        EXPECT_TRUE(texts[r] == pattern(5'000'000, static_cast<int>(r))) << "rank " << r;
    }
}

// 17 MB travel in two pieces, the second one short.
TEST(Communicator, BroadcastsTheTextOfRank0OfAnyLength) {
    const auto& world = test_world();
    for (const std::size_t size : {0UL, 1UL, 1UL << 24, 17'000'001UL}) {
        const auto text = world.broadcast(pattern(world.is_root() ? size : 7, world.rank()));
        EXPECT_TRUE(text == pattern(size, 0)) << size << " bytes";
    }
}

TEST(Communicator, FindsTheLargestValue) {
    const auto& world = test_world();
    EXPECT_EQ(world.max(world.rank()), world.size() - 1);
    EXPECT_EQ(world.max(-3 - world.rank()), -3);
}

TEST(Communicator, LetsNobodyThroughABarrierBeforeTheLastComes) {
    const auto& world = test_world();
    const auto now = [] { return std::chrono::steady_clock::now().time_since_epoch().count(); };
    if (world.rank() == world.size() - 1) { std::this_thread::sleep_for(50ms); }
    const auto came = now();
    world.barrier();
    const auto left = now();
    const auto arrivals = world.gather(std::to_string(came));
    const auto departures = world.gather(std::to_string(left));
    const auto as_number = [](const std::string& text) { return std::stoll(text); };
    if (!world.is_root()) { return; }
    EXPECT_LE(as_number(*std::ranges::max_element(arrivals, {}, as_number)),
              as_number(*std::ranges::min_element(departures, {}, as_number)));
}

/// Whether this process takes much of a core while `wait` waits for rank 0, which is late. Naps
/// take a fortieth of it; a spinning wait takes all, or its share of the cores that there are.
template <class Wait>
bool burns(const Wait& wait) {
    test_world().barrier();
    if (test_world().is_root()) { std::this_thread::sleep_for(400ms); }
    const auto came = std::chrono::steady_clock::now();
    const auto before = std::clock();
    wait();
    const auto burnt = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
    const std::chrono::duration<double> waited = std::chrono::steady_clock::now() - came;
    return burnt > 0.05 + waited.count() / 4;
}

TEST(Communicator, BurnsNoCoreWhileItWaits) {
    const auto& world = test_world();
    EXPECT_FALSE(burns([&] { world.barrier(); }));
    EXPECT_FALSE(burns([&] { static_cast<void>(world.broadcast("x")); }));
    EXPECT_FALSE(burns([&] { static_cast<void>(world.max(1)); }));
}

TEST(CommunicatorWithoutMpi, IsOneRankThatTalksToItself) {
    const Communicator alone;
    EXPECT_EQ(alone.size(), 1);
    EXPECT_TRUE(alone.is_root());
    EXPECT_FALSE(alone.has_mpi());
    alone.barrier();
    EXPECT_EQ(alone.broadcast("text"), "text");
    EXPECT_EQ(alone.gather("text"), std::vector<std::string>{"text"});
    EXPECT_EQ(alone.max(-5), -5);
}

TEST(MpiVersion, IsOneLineThatNamesTheLibrary) {
    const auto version = mpi_version();
    EXPECT_NE(version.find("MPI"), std::string::npos) << version;
    EXPECT_EQ(version.find('\n'), std::string::npos) << version;
}

}  // namespace
}  // namespace patchead
