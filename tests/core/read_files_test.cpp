// Files that the system would not open or read.

#include <cerrno>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "patchead/core/digest.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "support/error_of.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

struct Case {
    int error;
    const char* reason;
    const char* mend;
};

TEST(FailToRead, NamesFileReasonAndAMendThatLeadsSomewhere) {
    for (const auto& [error, reason, mend] :
         {Case{EACCES, "Permission denied", "chmod"}, Case{EACCES, "", "umask 002"},
          Case{EPERM, "Operation not permitted", "another --store"},
          Case{EMFILE, "Too many open files", "ulimit -n"},
          Case{ENFILE, "Too many open files in system", "fs.file-max"},
          Case{EIO, "Input/output error", "dmesg"}, Case{ESTALE, "Stale file handle", "mount"},
          Case{ENOMEM, "Cannot allocate memory", "memory"},
          Case{EISDIR, "Is a directory", "move it away"},
          Case{ENOENT, "No such file", "check the path"}}) {
        const auto said = error_of([error = error] { fail_to_read("some/file", error); });
        EXPECT_TRUE(has(said, "'some/file'") && has(said, reason) && has(said, mend)) << said;
    }
}

// Reading its beginning, which is mapped in no process, fails with EIO.
const fs::path kFailing = "/proc/self/mem";

TEST(ReadText, AndTheDigestOfAFileSayWhyTheyEndTooEarly) {
    const TemporaryFolder folder;
    for (const auto& [path, reason] :
         {std::pair(kFailing, "Input/output error"), std::pair(folder.path(), "Is a directory")}) {
        EXPECT_TRUE(has(error_of([&, path = path] { (void)read_text(path); }), reason)) << path;
        EXPECT_TRUE(has(error_of([&, path = path] { (void)sha256_file(path); }), reason)) << path;
    }
}

TEST(ReadText, OfAProcessWithTooManyOpenFilesSaysSo) {
    const TemporaryFolder folder;
    put_bytes(folder.path() / "file", "whole");
    const pid_t child = ::fork();
    if (child == 0) {
        const rlimit none{0, 0};
        ::setrlimit(RLIMIT_NOFILE, &none);
        ::_exit(has(error_of([&] { (void)read_text(folder.path() / "file"); }), "ulimit -n") ? 7
                                                                                             : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(WEXITSTATUS(status), 7);
    EXPECT_EQ(read_text(folder.path() / "file"), "whole");
}

TEST(ReadText, GivesFilesThatAreLongerThanAPiece) {
    const TemporaryFolder folder;
    std::string text;
    for (int i = 0; i < 50000; ++i) { text += std::to_string(i); }
    put_bytes(folder.path() / "file", text);
    EXPECT_EQ(read_text(folder.path() / "file"), text);
    EXPECT_EQ(sha256_file(folder.path() / "file"), sha256(text));
}

TEST(NamingUnreadable, TurnsWhatStdFilesystemCouldNotDoIntoAMessage) {
    const TemporaryFolder folder;
    const auto absent = folder.path() / "absent";
    const auto said = error_of([&] { naming_unreadable([&] { return fs::file_size(absent); }); });
    EXPECT_TRUE(has(said, absent.string()) && has(said, "No such file")) << said;
    EXPECT_EQ(naming_unreadable([] { return 3; }), 3);
}

}  // namespace
}  // namespace patchead
