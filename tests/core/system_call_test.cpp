#include "patchead/core/system_call.hpp"

#include <array>
#include <cerrno>
#include <string>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "patchead/core/entries.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

TEST(Uninterrupted, GoesOnUntilNoSignalIsInTheWay) {
    int calls = 0;
    const auto third_time = [&] {
        errno = EINTR;
        return ++calls < 3 ? -1 : 7;
    };
    EXPECT_EQ(uninterrupted(third_time), 7);
    EXPECT_EQ(calls, 3);
}

TEST(Uninterrupted, LeavesOtherErrorsAlone) {
    int calls = 0;
    const auto fails = [&] {
        ++calls;
        errno = EIO;
        return -1;
    };
    EXPECT_EQ(uninterrupted(fails), -1);
    EXPECT_EQ(errno, EIO);
    EXPECT_EQ(calls, 1);
}

/// A pipe takes 64 KiB at a time.
TEST(WriteAll, WritesTheRestOfWhatTheSystemDidNotTake) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    const std::string text(1'000'000, 'x');
    std::string read;
    std::jthread reader([&] {
        std::array<char, 1000> piece{};
        for (ssize_t count = 1; count > 0;) {
            count = ::read(ends[0], piece.data(), piece.size());
            if (count > 0) { read.append(piece.data(), static_cast<std::size_t>(count)); }
        }
    });
    EXPECT_EQ(write_all(ends[1], text), 0);
    EXPECT_EQ(close_file(ends[1]), 0);
    reader.join();
    EXPECT_EQ(read, text);
    ::close(ends[0]);
}

TEST(WriteAll, SaysWhyNot) {
    const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
    EXPECT_EQ(write_all(full, "text"), ENOSPC);
    EXPECT_EQ(close_file(full), 0);
    EXPECT_EQ(close_file(full), EBADF);
}

TEST(Entries, AreThoseOfTheFolderOrAnError) {
    const TemporaryFolder folder;
    put_bytes(folder.path() / "a", "");
    put_bytes(folder.path() / "b", "");
    std::error_code error;
    EXPECT_EQ(entries_of(folder.path(), error).size(), 2U);
    EXPECT_FALSE(error);
    EXPECT_TRUE(entries_of(folder.path() / "a", error).empty());
    EXPECT_EQ(error, std::errc::not_a_directory);
}

}  // namespace
}  // namespace patchead
