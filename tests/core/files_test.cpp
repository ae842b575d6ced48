#include "patchead/core/files.hpp"

#include <csignal>
#include <cstdlib>
#include <stdexcept>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "patchead/core/bounded_files.hpp"
#include "patchead/core/error.hpp"
#include "support/error_of.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

/// Runs `body` in a process of its own that cannot write files of more than `limit` bytes, which
/// is how a full disk looks. Its exit code.
template <class Body>
int with_file_limit(rlim_t limit, Body body) {
    const pid_t child = ::fork();
    if (child == 0) {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit size{limit, limit};
        ::setrlimit(RLIMIT_FSIZE, &size);
        ::_exit(body());
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

TEST(WriteWhole, MakesTheFileAndItsFolders) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "a" / "b" / "file";
    const std::string text("one\0two\n", 8);
    write_whole(path, text);
    EXPECT_EQ(bytes_of(path), text);
    EXPECT_EQ(read_text(path), text);
    EXPECT_EQ(folder.files(), 1);
}

TEST(WriteWhole, ReplacesWhatWasThere) {
    const TemporaryFolder folder;
    write_whole(folder.path() / "file", "a long first text");
    write_whole(folder.path() / "file", "");
    EXPECT_EQ(bytes_of(folder.path() / "file"), "");
}

TEST(WriteWhole, GivesTheUsualPermissions) {
    const TemporaryFolder folder;
    const mode_t mask = ::umask(022);
    write_whole(folder.path() / "file", "x");
    ::umask(mask);
    EXPECT_EQ(fs::status(folder.path() / "file").permissions(), fs::perms(0644));
}

TEST(WriteWhole, HasNothingUnderTheNameUntilAllIsWritten) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "file";
    write_whole(path, [&](const fs::path& temporary) {
        EXPECT_EQ(temporary.parent_path(), path.parent_path());
        EXPECT_TRUE(temporary.filename().string().starts_with("file.tmp."));
        put_bytes(temporary, "half");
        EXPECT_FALSE(fs::exists(path));
    });
    EXPECT_EQ(bytes_of(path), "half");
}

TEST(WriteWhole, GivesConcurrentCallsDifferentNames) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "file";
    write_whole(path, [&](const fs::path& outer) {
        write_whole(path, [&](const fs::path& inner) {
            EXPECT_NE(outer, inner);
            put_bytes(inner, "inner");
        });
        EXPECT_EQ(bytes_of(path), "inner");
        put_bytes(outer, "outer");
    });
    EXPECT_EQ(bytes_of(path), "outer");
    EXPECT_EQ(folder.files(), 1);
}

TEST(WriteWhole, KeepsTheOldFileAndLeavesNothingIfTheWriterThrows) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "file";
    write_whole(path, "old");
    const auto fails = [&] {
        write_whole(path, [](const fs::path& temporary) {
            put_bytes(temporary, "ha");
            throw std::logic_error("the writer's own");
        });
    };
    EXPECT_THROW(fails(), std::logic_error);
    EXPECT_EQ(bytes_of(path), "old");
    EXPECT_EQ(folder.files(), 1);
}

TEST(WriteWhole, FailsIfTheWriterMadeNoFile) {
    const TemporaryFolder folder;
    EXPECT_THROW(write_whole(folder.path() / "file", [](const fs::path&) {}), CacheError);
    EXPECT_EQ(folder.files(), 0);
}

TEST(WriteWhole, ToAFullDiskNamesTheFileAndLeavesNothing) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "file";
    const int code = with_file_limit(1000, [&] {
        const auto message = error_of([&] { write_whole(path, std::string(5000, 'x')); });
        return has(message, path.string() + "'") && has(message, "File too large") &&
                       has(message, "; ")
                   ? 7
                   : 1;
    });
    EXPECT_EQ(code, 7);
    EXPECT_EQ(folder.files(), 0);
}

TEST(WriteWhole, ThatIsKilledLeavesNothingUnderTheName) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "file";
    const pid_t child = ::fork();
    if (child == 0) {
        write_whole(path, [](const fs::path& temporary) {
            put_bytes(temporary, "half");
            ::_exit(7);
        });
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(WEXITSTATUS(status), 7);
    EXPECT_FALSE(fs::exists(path));
}

// Root may write anywhere, so not by permissions: below a file, and in the kernel's file system.
TEST(WriteWhole, WhereNothingCanBeWrittenNamesThePlaceAndTheMend) {
    const TemporaryFolder folder;
    put_bytes(folder.path() / "file", "x");
    for (const auto& path : {folder.path() / "file" / "below", fs::path("/proc/patchead")}) {
        const auto message = error_of([&] { write_whole(path, "text"); });
        EXPECT_TRUE(has(message, path.parent_path().string())) << message;
        EXPECT_TRUE(has(message, "cannot write") && has(message, "; ")) << message;
    }
    EXPECT_EQ(bytes_of(folder.path() / "file"), "x");
}

TEST(WriteWhole, DoesNotReplaceAFolder) {
    const TemporaryFolder folder;
    fs::create_directories(folder.path() / "name" / "inside");
    EXPECT_THROW(write_whole(folder.path() / "name", "text"), CacheError);
    EXPECT_TRUE(fs::is_directory(folder.path() / "name" / "inside"));
    EXPECT_EQ(folder.files(), 0);
}

TEST(ReadText, NamesTheFileThatIsNotThereOrAFolder) {
    const TemporaryFolder folder;
    for (const auto& path : {folder.path() / "absent", folder.path()}) {
        EXPECT_THROW((void)read_text(path), DataError);
        EXPECT_TRUE(has(error_of([&] { (void)read_text(path); }), path.string()));
    }
}

TEST(RequireWritable, MakesTheFolderAndLeavesNoFile) {
    const TemporaryFolder folder;
    require_writable(folder.path() / "a" / "b");
    EXPECT_TRUE(fs::is_directory(folder.path() / "a" / "b"));
    EXPECT_EQ(folder.files(), 0);
}

TEST(RequireWritable, NamesTheFolderThatIsNot) {
    const TemporaryFolder folder;
    put_bytes(folder.path() / "file", "x");
    for (const auto& path : {folder.path() / "file", fs::path("/proc")}) {
        EXPECT_THROW(require_writable(path), CacheError);
        EXPECT_TRUE(has(error_of([&] { require_writable(path); }), path.string()));
    }
}

TEST(ReadText, RefusesWhatHasNoEnd) {
    const TemporaryFolder folder;
    const auto pipe = folder.path() / "pipe.png";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    fs::create_symlink("/dev/zero", folder.path() / "zero.png");
    fs::create_symlink("self.png", folder.path() / "self.png");
    for (const auto& path : {pipe, folder.path() / "zero.png"}) {
        EXPECT_TRUE(has(error_of([&] { (void)read_text(path); }), "a pipe or a device"));
    }
    EXPECT_TRUE(has(error_of([&] { (void)read_text(folder.path() / "self.png"); }), "self.png"));
    EXPECT_EQ(read_text("/dev/null"), "");
}

TEST(ReadText, TakesAPipeThatAShellHandsOver) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    ASSERT_EQ(::write(ends[1], "a = 1", 5), 5);
    ::close(ends[1]);
    EXPECT_EQ(read_text(concat("/dev/fd/", ends[0])), "a = 1");
    ::close(ends[0]);
}

TEST(ReadText, TakesNoMemoryForMoreThanIsWanted) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "sparse";
    put_bytes(path, "x");
    fs::resize_file(path, std::uintmax_t{1} << 40U);
    EXPECT_TRUE(has(error_of([&] { (void)read_text(path, 9); }), "1099511627776 bytes, and 9"));
    put_bytes(path, "123456789");
    EXPECT_EQ(read_text(path, 9), "123456789");
}

}  // namespace
}  // namespace patchead
