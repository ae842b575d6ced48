#include "patchead/core/gzip.hpp"

#include <gtest/gtest.h>

#include "patchead/core/error.hpp"
#include "support/error_of.hpp"

namespace patchead {
namespace {

constexpr std::size_t kPlenty = 1000;

/// "hello hello hello\n", by gzip -n.
std::string packed() {
    const std::string_view bytes(
        "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\x57\xc8\x40\x90\x5c\x00\x3b"
        "\x7c\x8a\xdf\x12\x00\x00\x00",
        29);
    return std::string(bytes);
}

TEST(Gzip, GivesBackWhatWasPacked) {
    EXPECT_TRUE(is_gzip(packed()));
    EXPECT_FALSE(is_gzip("hello"));
    EXPECT_EQ(gunzip(packed(), "a.gz", kPlenty), "hello hello hello\n");
    EXPECT_EQ(gunzip(packed() + "more", "a.gz", kPlenty), "hello hello hello\n");
}

TEST(Gzip, HoldsDeflatedBytes) {
    const auto deflated = packed().substr(10, packed().size() - 18);
    EXPECT_EQ(inflate(deflated, "a.zip", kPlenty), "hello hello hello\n");
    EXPECT_TRUE(has(error_of([&] { return inflate(deflated, "a.zip", 10); }), "more than 10"));
    for (std::size_t size = 0; size < deflated.size(); ++size) {
        const auto message = error_of([&] { return inflate(deflated.substr(0, size), "a", 99); });
        EXPECT_TRUE(has(message, "cannot be unpacked")) << size << message;
    }
}

TEST(Gzip, NamesAFileThatEndsEarlyWhereverItDoes) {
    for (std::size_t size = 0; size < packed().size(); ++size) {
        const auto message =
            error_of([&] { return gunzip(packed().substr(0, size), "a.gz", kPlenty); });
        EXPECT_TRUE(has(message, "'a.gz' cannot be unpacked")) << size << message;
    }
}

TEST(Gzip, RefusesDamageAndMoreThanIsWanted) {
    auto spoilt = packed();
    spoilt[24] ^= 1;  // Of its checksum.
    EXPECT_TRUE(has(error_of([&] { return gunzip(spoilt, "a.gz", kPlenty); }), "no gzip"));
    EXPECT_TRUE(has(error_of([] { return gunzip(packed(), "a.gz", 17); }), "more than 17 bytes"));
}

TEST(Inflate, GivesAFrontWithoutTheRest) {
    // "abc" a hundred times over, as zlib deflates it.
    const std::string packed("\x4b\x4c\x4a\x4e\x1c\x45\xc4\x21\x00", 9);
    const auto all = inflate(packed, "a", kPlenty);
    EXPECT_EQ(all.size(), 300U);
    EXPECT_EQ(inflate_front(packed, "a", 5), "abcab");
    EXPECT_EQ(inflate_front(packed, "a", kPlenty), all);
}

}  // namespace
}  // namespace patchead
