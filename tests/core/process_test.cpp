#include "patchead/core/process.hpp"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

/// Token of a process that has ended; `reaped` or still a zombie, whose parent has not asked.
std::string token_of_dead(bool reaped) {
    int pipe[2];
    EXPECT_EQ(::pipe(pipe), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const auto token = process_token();
        const auto written = ::write(pipe[1], token.data(), token.size());
        ::_exit(written == static_cast<ssize_t>(token.size()) ? 0 : 1);
    }
    char text[512];
    const auto size = ::read(pipe[0], text, sizeof text);
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | (reaped ? 0 : WNOWAIT));
    ::close(pipe[0]);
    ::close(pipe[1]);
    return {text, static_cast<std::size_t>(size)};
}

TEST(Process, IsNotGoneWhileItLives) {
    EXPECT_FALSE(is_gone(process_token()));
    EXPECT_TRUE(process_token().ends_with(concat(".", ::getpid())));
}

TEST(Process, IsGoneWhenItHasEndedEvenIfNobodyAskedForIt) {
    EXPECT_TRUE(is_gone(token_of_dead(true)));
    EXPECT_TRUE(is_gone(token_of_dead(false)));
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {}
}

TEST(Process, OfAnotherMachineIsNeverTakenForGone) {
    const auto dead = token_of_dead(true);
    EXPECT_FALSE(is_gone("x" + dead));
    for (const auto* token : {"", ".", "node7.12", "node7-01234567.999999", "no pid"}) {
        EXPECT_FALSE(is_gone(token)) << token;
    }
}

TEST(Leftovers, AreRemovedWhenTheirWriterIsGoneOrSilentForLong) {
    const TemporaryFolder folder;
    const auto root = folder.path();
    std::filesystem::create_directory(root / "ab");
    const auto old = std::filesystem::file_time_type::clock::now() - std::chrono::hours(2);
    put_bytes(root / "ab" / "x.h5", "whole");
    put_bytes(root / "ab" / concat("x.h5.tmp.", token_of_dead(true), ".1"), "dead");
    put_bytes(root / concat("y.tmp.", process_token(), ".1"), "mine");
    put_bytes(root / "z.tmp.node7-01234567.12.3", "elsewhere, fresh");
    put_bytes(root / "old.tmp.node7-01234567.12.4", "elsewhere, old");
    std::filesystem::last_write_time(root / "old.tmp.node7-01234567.12.4", old);
    std::filesystem::last_write_time(root / "ab" / "x.h5", old);
    const auto found = remove_leftovers(root);
    EXPECT_EQ(found.removed, 2U);
    EXPECT_EQ(found.kept, 2U);
    EXPECT_EQ(bytes_of(root / "ab" / "x.h5"), "whole");
    EXPECT_EQ(folder.files(), 3);
    EXPECT_EQ(remove_leftovers(root, std::chrono::seconds(-10)).removed, 2U);
    EXPECT_EQ(remove_leftovers(root / "nowhere").removed, 0U);
}

/// A full disk, or one that is read-only: what others write there looks old to nobody.
TEST(Leftovers, HaveNoAgeWhereNothingCanBeWritten) {
    const TemporaryFolder folder;
    const auto now = time_of_disk(folder.path());
    EXPECT_LT(time_of_disk("/proc"), now - std::chrono::hours(24 * 365));
    EXPECT_LT(time_of_disk("/proc") - now, std::chrono::hours(0));
    EXPECT_EQ(folder.files(), 0);
}

TEST(RunProgram, GivesItsExitCodeOrItsSignal) {
    EXPECT_EQ(run_program({"true"}), 0);
    EXPECT_EQ(run_program({"sh", "-c", "exit 7"}), 7);
    EXPECT_EQ(run_program({"sh", "-c", "kill -9 $$"}), 128 + 9);
}

TEST(RunProgram, HandsArgumentsOverAsTheyAre) {
    const TemporaryFolder folder;
    const auto file = folder.path() / "a 'b' \"c\" $d";
    EXPECT_EQ(run_program({"touch", file.string()}), 0);
    EXPECT_TRUE(std::filesystem::exists(file));
}

TEST(RunProgram, NamesTheOneThatIsNotThere) {
    try {
        static_cast<void>(run_program({"no-such-program"}));
        FAIL() << "no exception";
    } catch (const ConfigError& error) {
        EXPECT_NE(std::string(error.what()).find("cannot start 'no-such-program'"),
                  std::string::npos);
    }
}

TEST(CoresOfProcess, AreAShareButAtLeastOne) {
    const int alone = cores_of_process(1);
    EXPECT_GE(alone, 1);
    EXPECT_LE(cores_of_process(2), alone);
    EXPECT_EQ(cores_of_process(100'000), 1);
}

// Bound to one core there is one, however few processes there are.
TEST(CoresOfProcess, AreThoseItIsBoundTo) {
    cpu_set_t before;
    ASSERT_EQ(sched_getaffinity(0, sizeof before, &before), 0);
    cpu_set_t one;
    CPU_ZERO(&one);
    for (int core = 0; CPU_COUNT(&one) == 0; ++core) {
        if (CPU_ISSET(core, &before)) { CPU_SET(core, &one); }
    }
    ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
    EXPECT_EQ(cores_of_process(1), 1);
    ASSERT_EQ(sched_setaffinity(0, sizeof before, &before), 0);
}

}  // namespace
}  // namespace patchead
