#include "patchead/ranks/on_root.hpp"

#include <map>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

#include "support/mpi_test.hpp"

namespace patchead {
namespace {

struct Count {
    int rank = 0;
    double seconds = 0;
    bool operator==(const Count&) const = default;
};

/// A value that can be sent but not read, as a codec at fault would make it.
struct Unreadable {};

}  // namespace

template <>
struct Codec<Count> : RecordCodec<Count, &Count::rank, &Count::seconds> {};
template <>
struct Codec<Unreadable> {
    static std::string encode(const Unreadable&) { return "x"; }
    static Unreadable decode(std::string_view) { throw std::logic_error("no Unreadable"); }
};

namespace {

/// What `work` writes to std::cerr on this rank.
template <class Work>
std::string errors_of(const Work& work) {
    testing::internal::CaptureStderr();
    work();
    return testing::internal::GetCapturedStderr();
}

TEST(OnRoot, GivesEveryRankTheValueOfRank0) {
    const auto& world = test_world();
    int calls = 0;
    const auto count = on_root(world, [&] {
        ++calls;
        return Count{world.rank(), 0.1};
    });
    static_assert(std::is_same_v<decltype(count), const std::optional<Count>>);
    EXPECT_EQ(count, (Count{0, 0.1}));
    EXPECT_EQ(calls, world.is_root() ? 1 : 0);
}

TEST(OnRoot, CarriesAnyBytesAndAnyLength) {
    constexpr std::size_t megabyte = 1'000'000;
    std::vector<std::string> texts{"", "-", "+", "0", "again", std::string("a\0b\0", 4)};
    for (const std::size_t megabytes : {1U, 17U}) {
        texts.emplace_back(megabytes * megabyte, '\0');
    }
    for (const auto& text : texts) {
        const auto got = on_root(test_world(), [&] { return text; });
        EXPECT_TRUE(got == text) << text.size() << " bytes";
    }
    EXPECT_EQ(on_root(test_world(), [&] { return texts; }), texts);
}

TEST(OnRoot, TellsNothingFromFailure) {
    const auto nothing = on_root(test_world(), [] { return std::optional<int>(); });
    EXPECT_TRUE(nothing.has_value());
    EXPECT_EQ(*nothing, std::nullopt);
    EXPECT_EQ(on_root(test_world(), [] { return false; }), std::optional(false));
    EXPECT_EQ(on_root(test_world(), [] { return std::map<int, int>(); }),
              (std::optional<std::map<int, int>>(std::in_place)));
}

TEST(OnRoot, SaysOfWorkWithoutValueWhetherItSucceeded) {
    int calls = 0;
    const auto done = on_root(test_world(), [&] { ++calls; });
    static_assert(std::is_same_v<decltype(done), const bool>);
    EXPECT_TRUE(done);
    EXPECT_EQ(calls, test_world().is_root() ? 1 : 0);
}

TEST(OnRoot, GivesNothingToAnyRankAfterAnErrorThatRank0Prints) {
    const auto said = errors_of([] {
        const auto value = on_root(test_world(), []() -> int { throw DataError("a.png is torn"); });
        EXPECT_EQ(value, std::nullopt);
    });
    EXPECT_EQ(said, test_world().is_root() ? "patchead: a.png is torn\n" : "");
}

TEST(OnRoot, SaysFalseOnEveryRankAfterAnErrorOfWorkWithoutValue) {
    const auto said = errors_of([] {
        EXPECT_FALSE(on_root(test_world(), [] { require<CacheError>(false, "stale handle"); }));
    });
    EXPECT_EQ(said, test_world().is_root() ? "patchead: stale handle\n" : "");
}

// Several ranks would wait for ever here, until `run_job` ends them: see failures_test.py.
TEST(OnRoot, LetsAnyOtherExceptionPass) {
    const auto fail = [] { throw std::out_of_range("beyond the end"); };
    EXPECT_THROW(static_cast<void>(on_root(Communicator(), fail)), std::out_of_range);
}

TEST(OnRoot, ShowsACodecAtFaultOnEveryRankAndAlsoOnOneAlone) {
    const auto send = [](const Communicator& world) {
        return on_root(world, [] { return Unreadable(); });
    };
    EXPECT_THROW(static_cast<void>(send(test_world())), std::logic_error);
    EXPECT_THROW(static_cast<void>(send(Communicator())), std::logic_error);
}

}  // namespace
}  // namespace patchead
