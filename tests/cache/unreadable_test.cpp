// Artifacts that are whole, but that the system would not open or read: nothing happens to them.

#include <cerrno>
#include <functional>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "artifact.hpp"
#include "h5/input_file.hpp"
#include "patchead/cache/describe.hpp"
#include "patchead/cache/maintenance.hpp"
#include "patchead/cache/table_file.hpp"
#include "patchead/core/error.hpp"
#include "store_fixture.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

class UnreadableTest : public StoreTest {
  protected:
    void SetUp() override { store_.write(kKey, result(), kProvenance); }

    [[nodiscard]] fs::path artifact() const { return store_.path(kKey); }

    /// What is said of the artifact, by whoever may want it.
    [[nodiscard]] std::string refusal(const std::function<void()>& call) const {
        try {
            call();
        } catch (const UnreadableError& error) {
            return error.what();
        } catch (const CacheError& error) { return concat("taken for damaged: ", error.what()); }
        return "no error";
    }

    /// Whether every way to the artifact says `reason`, and leaves it where it is.
    [[nodiscard]] bool all_say(const std::string& reason) const {
        bool all = true;
        const auto look = [&](const std::function<void()>& call) {
            const auto said = refusal(call);
            all = all && said.find(reason) != said.npos &&
                  said.find(artifact().string()) != said.npos;
            if (!all) { std::fprintf(stderr, "%s\n", said.c_str()); }
        };
        look([&] { (void)store_.read_result(kKey); });
        look([&] { (void)store_.read_metric_names(kKey); });
        look([&] {
            (void)read_or_quarantine(store_, kKey, [&] { return store_.read_result(kKey); });
        });
        look([&] { (void)find_damage(artifact()); });
        look([&] { (void)quarantine_if_damaged(artifact()); });
        look([&] { (void)read_table_file(artifact()); });
        look([&] { (void)describe_file(artifact()); });
        return all && store_.contains(kKey) && !fs::exists(artifact().string() + ".damaged");
    }

    /// The same in a process of its own, after `change`.
    static bool in_child(const std::function<bool()>& body) {
        const pid_t child = ::fork();
        if (child == 0) { ::_exit(body() ? 7 : 1); }
        int status = 0;
        ::waitpid(child, &status, 0);
        return WIFEXITED(status) && WEXITSTATUS(status) == 7;
    }
};

TEST_F(UnreadableTest, AFolderInTheirPlace) {
    fs::remove(artifact());
    fs::create_directory(artifact());
    EXPECT_TRUE(all_say("Is a directory"));
    EXPECT_TRUE(fs::is_directory(artifact()));
    const auto content = list_store(store_.root());
    EXPECT_TRUE(content.artifacts.empty());
    ASSERT_EQ(content.unreadable.size(), 1U);
    EXPECT_NE(content.unreadable[0].find(artifact().string()), std::string::npos);
}

TEST_F(UnreadableTest, ADiskThatFailsAtOnce) {
    fs::remove(artifact());
    fs::create_symlink("/proc/self/mem", artifact());  // Its beginning cannot be read: EIO.
    EXPECT_TRUE(all_say("Input/output error"));
    EXPECT_TRUE(fs::is_symlink(artifact()));
}

TEST_F(UnreadableTest, ALoopOfLinks) {
    fs::remove(artifact());
    fs::create_symlink(artifact(), artifact());
    EXPECT_TRUE(all_say("Too many levels"));
}

TEST_F(UnreadableTest, TooManyOpenFiles) {
    EXPECT_TRUE(in_child([&] {
        const rlimit none{0, 0};
        ::setrlimit(RLIMIT_NOFILE, &none);
        return all_say("Too many open files");
    }));
    EXPECT_EQ(store_.read_result(kKey).ids, result().ids);
}

TEST_F(UnreadableTest, FilesAndFoldersOfAnotherUser) {
    if (::geteuid() != 0) { GTEST_SKIP() << "only root can play another user"; }
    ::chmod(folder_.path().c_str(), 0755);
    const auto as_other_user = [&] { return ::setgid(54321) == 0 && ::setuid(54321) == 0; };
    ::chmod(artifact().c_str(), 0600);
    EXPECT_TRUE(in_child([&] { return as_other_user() && all_say("Permission denied"); }));
    ::chmod(artifact().c_str(), 0644);
    ::chmod(artifact().parent_path().c_str(), 0700);
    EXPECT_TRUE(in_child([&] {
        return as_other_user() && store_.contains(kKey) &&
               refusal([&] { (void)store_.read_result(kKey); }).find("Permission") !=
                   std::string::npos &&
               list_store(store_.root()).unreadable.size() == 1;
    }));
    EXPECT_EQ(store_.read_result(kKey).ids, result().ids);
}

/// Makes every further read of the file `path`, which this process has open, fail with EIO.
void break_disk_below(const fs::path& path) {
    const int broken = ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
        std::error_code ignored;
        if (fs::read_symlink(entry.path(), ignored) == path) {
            ::dup2(broken, std::stoi(entry.path().filename()));
        }
    }
    ::close(broken);
}

TEST_F(UnreadableTest, ADiskThatFailsInTheMiddle) {
    const auto path = fs::canonical(artifact());
    const auto read = [&] {
        return read_h5(path, [&](hid_t root) {
            const auto header = h5::read_header(root, kArtifactFormat, kArtifactSchema);
            break_disk_below(path);
            return h5::read_texts(root, "images/id");
        });
    };
    const auto said = refusal([&] { (void)read(); });
    expect_says(said, {"cannot read", path.string(), "Input/output error"});
}

TEST_F(UnreadableTest, ADiskThatFailsUnseenByTheReader) {
    const auto path = fs::canonical(artifact());
    const auto said = refusal([&] {
        (void)read_h5(path, [&](hid_t root) {
            break_disk_below(path);
            try {
                return h5::read_texts(root, "images/id");
            } catch (const h5::Failure&) { return std::vector<std::string>(); }
        });
    });
    expect_says(said, {"Input/output error"});
}

TEST_F(UnreadableTest, TooLittleMemory) {
    const auto read = [&] {
        return read_h5(artifact(), [](hid_t) -> int { throw std::bad_alloc(); });
    };
    expect_says(refusal([&] { (void)read(); }), {"Cannot allocate memory", artifact().string()});
}

TEST_F(UnreadableTest, IsNotWhatIsDamagedOrAbsent) {
    fs::resize_file(artifact(), fs::file_size(artifact()) / 2);
    EXPECT_THROW((void)store_.read_result(kKey), DamagedError);
    EXPECT_NE(quarantine_if_damaged(artifact()), "");
    EXPECT_FALSE(store_.contains(kKey));
    EXPECT_EQ(quarantine_if_damaged(artifact()), "");
    expect_absent(kKey);
}

}  // namespace
}  // namespace patchead
