#include "patchead/cache/claims.hpp"

#include <array>
#include <csignal>
#include <initializer_list>
#include <thread>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "patchead/core/error.hpp"
#include "patchead/core/process.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

using namespace std::chrono_literals;

class ClaimsTest : public testing::Test {
  protected:
    [[nodiscard]] std::filesystem::path file() const {
        return folder_.path() / "claims" / key_.digest();
    }
    /// A claim of somebody on another machine.
    void put_foreign() const {
        std::filesystem::create_directories(file().parent_path());
        put_bytes(file(), "node7-01234567.12");
    }

    TemporaryFolder folder_;
    ArtifactKey key_{"match", {{"a", "1"}}};
    ArtifactKey other_{"match", {{"a", "2"}}};
};

TEST_F(ClaimsTest, AreThereWhileTheyAreHeld) {
    {
        Claims claims(folder_.path());
        EXPECT_TRUE(claims.take(key_));
        EXPECT_EQ(bytes_of(file()), process_token());
        EXPECT_TRUE(claims.take(other_)) << "gives the first one back";
        EXPECT_EQ(folder_.files(), 1);
        claims.give_back();
        EXPECT_EQ(folder_.files(), 0);
        EXPECT_TRUE(claims.take(key_));
    }
    EXPECT_EQ(folder_.files(), 0);
}

TEST_F(ClaimsTest, KeepOthersAwayUntilTheyAreLeftAlone) {
    put_foreign();
    Claims claims(folder_.path(), 300ms);
    EXPECT_FALSE(claims.take(key_));
    EXPECT_TRUE(claims.take(other_));
    while (!claims.take(key_)) { std::this_thread::sleep_for(20ms); }
    EXPECT_EQ(bytes_of(file()), process_token());
    EXPECT_EQ(folder_.files(), 1) << "nothing is left of the abandoned one";
}

TEST_F(ClaimsTest, AreNotTakenOverWhileTheirOwnerTouchesThem) {
    put_foreign();
    Claims claims(folder_.path(), 300ms);
    for (int i = 0; i < 6; ++i) {
        EXPECT_FALSE(claims.take(key_));
        std::filesystem::last_write_time(
            file(), std::filesystem::file_time_type::clock::now() + std::chrono::seconds(i));
        std::this_thread::sleep_for(100ms);
    }
}

TEST_F(ClaimsTest, TouchThemselves) {
    Claims claims(folder_.path(), 120ms);
    ASSERT_TRUE(claims.take(key_));
    const auto before = std::filesystem::last_write_time(file());
    // However long that takes; ctest ends a test that never does.
    while (std::filesystem::last_write_time(file()) == before) { std::this_thread::sleep_for(5ms); }
}

/// Many processes race for the same claims; a rank that is killed leaves one.
TEST_F(ClaimsTest, OfOneKeyAreHeldByOneProcessAndThoseOfDeadOnesAreTakenOver) {
    const pid_t dead = ::fork();
    if (dead == 0) {
        Claims claims(folder_.path());
        const bool taken = claims.take(key_);
        ::_exit(taken ? 0 : 1);  // Without destructors, as when killed.
    }
    int status = 0;
    ::waitpid(dead, &status, 0);
    ASSERT_EQ(status, 0);
    ASSERT_TRUE(std::filesystem::exists(file()));

    constexpr int kProcesses = 8;
    std::array<int, 2> tried{};
    std::array<int, 2> over{};
    ASSERT_EQ(::pipe(tried.data()) + ::pipe(over.data()), 0);
    for (int i = 0; i < kProcesses; ++i) {
        if (::fork() != 0) { continue; }
        ::close(over[1]);
        char byte = 0;
        Claims claims(folder_.path());
        const bool taken = claims.take(key_);
        // None ends before all have tried.
        const bool heard = ::write(tried[1], &byte, 1) == 1 && ::read(over[0], &byte, 1) == 0;
        ::_exit(taken && heard ? 1 : 0);
    }
    char byte = 0;
    for (int i = 0; i < kProcesses; ++i) { ASSERT_EQ(::read(tried[0], &byte, 1), 1); }
    for (const int end : {tried[0], tried[1], over[0], over[1]}) { ::close(end); }
    int winners = 0;
    for (int i = 0; i < kProcesses; ++i) {
        ::waitpid(-1, &status, 0);
        winners += WEXITSTATUS(status);
    }
    EXPECT_EQ(winners, 1);
    EXPECT_EQ(remove_dead_claims(folder_.path()), 1U);
    EXPECT_EQ(folder_.files(), 0);
}

TEST_F(ClaimsTest, OfOthersStayWhenDeadOnesAreRemoved) {
    put_foreign();
    EXPECT_EQ(remove_dead_claims(folder_.path()), 0U);
    std::filesystem::last_write_time(
        file(), std::filesystem::file_time_type::clock::now() - std::chrono::hours(3));
    EXPECT_EQ(remove_dead_claims(folder_.path()), 1U);
    EXPECT_EQ(remove_dead_claims(folder_.path() / "nowhere"), 0U);
}

/// The clock of the owner's machine, which stamps its claim, is an hour behind or ahead of ours.
TEST_F(ClaimsTest, OfAMachineWhoseClockIsAnHourOffAreWatchedAndNotDated) {
    for (const auto apart : {-1h, 1h}) {
        put_foreign();
        const auto touch = [&](std::chrono::seconds later) {
            const auto now = std::filesystem::file_time_type::clock::now();
            std::filesystem::last_write_time(file(), now + apart + later);
        };
        touch(-10s);
        EXPECT_EQ(remove_dead_claims(folder_.path()), 0U);
        Claims claims(folder_.path(), 200ms);
        for (int i = 0; i < 6; ++i) {
            EXPECT_FALSE(claims.take(key_)) << "its owner touches it";
            touch(std::chrono::seconds(i));
            std::this_thread::sleep_for(50ms);
        }
        // Silent from now on; however young its stamp is, it is taken over.
        while (!claims.take(key_)) { std::this_thread::sleep_for(20ms); }
        EXPECT_EQ(bytes_of(file()), process_token());
    }
}

/// A process that holds a claim and is stopped (SIGSTOP) for longer than others are patient.
class StoppedOwner {
  public:
    StoppedOwner(const std::filesystem::path& store, const ArtifactKey& key) : process_(::fork()) {
        if (process_ == 0) {
            Claims claims(store, 60ms);
            if (!claims.take(key)) { ::_exit(1); }
            ::raise(SIGSTOP);
            std::this_thread::sleep_for(100ms);  // Its thread would touch the claim ten times.
            claims.give_back();
            ::_exit(0);
        }
        int status = 0;
        ::waitpid(process_, &status, WUNTRACED);
        EXPECT_TRUE(WIFSTOPPED(status));
    }
    StoppedOwner(const StoppedOwner&) = delete;
    StoppedOwner& operator=(const StoppedOwner&) = delete;
    ~StoppedOwner() {
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
    }

    /// Lets it go on to its end; the exit code.
    [[nodiscard]] int go_on() const {
        ::kill(process_, SIGCONT);
        int status = 0;
        ::waitpid(process_, &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

  private:
    pid_t process_;
};

TEST_F(ClaimsTest, OfAProcessThatIsStoppedAreTakenOver) {
    const StoppedOwner owner(folder_.path(), key_);
    EXPECT_EQ(remove_dead_claims(folder_.path()), 0U) << "it lives";
    Claims claims(folder_.path(), 200ms);
    EXPECT_FALSE(claims.take(key_)) << "nobody knows yet";
    while (!claims.take(key_)) { std::this_thread::sleep_for(20ms); }
    EXPECT_EQ(owner.go_on(), 0);
    EXPECT_EQ(bytes_of(file()), process_token()) << "it gives back what is its own alone";
}

TEST_F(ClaimsTest, ThatAStoppedProcessHasLostAreNotTouchedByItAnyMore) {
    const StoppedOwner owner(folder_.path(), key_);
    std::filesystem::remove(file());
    put_foreign();
    const auto stamp = std::filesystem::file_time_type::clock::now() - std::chrono::minutes(5);
    std::filesystem::last_write_time(file(), stamp);
    const auto before = std::filesystem::last_write_time(file());
    EXPECT_EQ(owner.go_on(), 0);
    EXPECT_EQ(std::filesystem::last_write_time(file()), before)
        << "or a dead owner would seem alive";
    EXPECT_EQ(bytes_of(file()), "node7-01234567.12");
}

/// All processes of a job stopped together, as Slurm suspends one: what they hold is not abandoned.
TEST_F(ClaimsTest, AreNotTakenOverByWhoWasStoppedAsLongItself) {
    put_foreign();
    const pid_t watcher = ::fork();
    if (watcher == 0) {
        Claims claims(folder_.path(), 1s);
        const bool early = claims.take(key_);
        ::raise(SIGSTOP);
        ::_exit(early || claims.take(key_) ? 1 : 0);
    }
    int status = 0;
    ::waitpid(watcher, &status, WUNTRACED);
    ASSERT_TRUE(WIFSTOPPED(status));
    std::this_thread::sleep_for(1200ms);
    ::kill(watcher, SIGCONT);
    ::waitpid(watcher, &status, 0);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 0);
    EXPECT_EQ(bytes_of(file()), "node7-01234567.12");
}

/// As on a disk that fails: whose it is, nobody can say.
TEST_F(ClaimsTest, ThatCannotBeReadAreLeftAlone) {
    std::filesystem::create_directories(file().parent_path());
    std::filesystem::create_symlink("/proc/self/mem",
                                    file());  // Its beginning cannot be read: EIO.
    EXPECT_EQ(remove_dead_claims(folder_.path()), 0U);
    Claims claims(folder_.path());
    EXPECT_FALSE(claims.take(key_));
    EXPECT_TRUE(claims.take(other_));
    const auto own = file().parent_path() / other_.digest();
    std::filesystem::remove(own);
    std::filesystem::create_symlink("/proc/self/mem", own);
    EXPECT_NO_THROW(claims.give_back());
    EXPECT_TRUE(std::filesystem::is_symlink(own));
}

TEST_F(ClaimsTest, ThatCannotBeWrittenAreAnError) {
    put_bytes(folder_.path() / "file", "");
    Claims claims(folder_.path() / "file");
    EXPECT_THROW(static_cast<void>(claims.take(key_)), CacheError);
}

}  // namespace
}  // namespace patchead
