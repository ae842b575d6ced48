// What the store does on disks that fail while it writes, and when it is killed or not alone.

#include <csignal>
#include <cstdlib>
#include <functional>
#include <thread>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "patchead/cache/store.hpp"
#include "patchead/core/error.hpp"
#include "samples.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

/// Runs `body` in a process of its own; its exit code, or 128 + the signal that killed it.
int in_child(const std::function<int()>& body) {
    const pid_t child = ::fork();
    if (child == 0) { ::_exit(body()); }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

FeatureBlock large_features() {
    FeatureBlock block{.grid = {16, 16}, .dim = 64, .ids = {}, .embeddings = {}, .attention = {}};
    for (int i = 0; i < 64; ++i) { block.ids.push_back(std::to_string(i)); }
    block.embeddings.assign(std::size_t{64} * 256 * 64, 0.5F);
    return block;
}

// RLIMIT_FSIZE stops writing at any given byte, as a full disk does: in the metadata, in the
// middle of the embeddings, in the last byte. HDF5 left alone crashes here.
TEST(Writing, ToAFullDiskIsOneMessageAndLeavesNothingBehind) {
    const TemporaryFolder folder;
    const Store store(folder.path());
    store.write(kKey, large_features(), CacheType::fp16, {});
    const auto whole = std::filesystem::file_size(store.path(kKey));
    std::filesystem::remove(store.path(kKey));
    for (const std::uintmax_t limit : {std::uintmax_t{0}, std::uintmax_t{1}, std::uintmax_t{100},
                                       std::uintmax_t{5000}, whole / 2, whole - 5000, whole - 1}) {
        const int code = in_child([&] {
            std::signal(SIGXFSZ, SIG_IGN);
            const rlimit size{limit, limit};
            ::setrlimit(RLIMIT_FSIZE, &size);
            try {
                store.write(kKey, large_features(), CacheType::fp16, {});
            } catch (const CacheError& error) {
                const std::string message = error.what();
                const bool clear = message.find(store.path(kKey).string()) != std::string::npos &&
                                   message.find("File too large") != std::string::npos &&
                                   message.find(".tmp.") == std::string::npos;
                // A second try, and the end of the process, must not trip over the first.
                try {
                    store.write(kKey, result(), {});
                } catch (const CacheError&) {}
                std::exit(clear ? 7 : 8);
            }
            return 1;
        });
        EXPECT_EQ(code, 7) << limit << " of " << whole;
        std::filesystem::remove(store.path(kKey));
        EXPECT_EQ(folder.files(), 0) << limit;
    }
}

TEST(Writing, ThatIsKilledLeavesNothingUnderTheFinalName) {
    const TemporaryFolder folder;
    const Store store(folder.path());
    const auto block = large_features();
    for (int microseconds = 0; microseconds < 4000; microseconds += 200) {
        const pid_t child = ::fork();
        if (child == 0) {
            for (;;) {
                store.write(kKey, block, CacheType::fp16, {});
                std::filesystem::remove(store.path(kKey));
            }
        }
        ::usleep(static_cast<useconds_t>(microseconds));
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        if (store.contains(kKey)) { expect_equal(store.read_features(kKey), block); }
    }
    store.write(kKey, block, CacheType::fp16, {});
    expect_equal(store.read_features(kKey), block);
}

TEST(Writing, FromSeveralProcessesAndThreadsAtOnceIsHarmless) {
    const TemporaryFolder folder;
    const Store store(folder.path());
    const auto work = [&] {
        for (int i = 0; i < 10; ++i) {
            store.write(kKey, features(), CacheType::fp16, kProvenance);
            if (store.read_features(kKey).embeddings != features().embeddings) { return 1; }
        }
        return 0;
    };
    std::vector<pid_t> children;
    for (int i = 0; i < 3; ++i) {
        children.push_back(::fork());
        if (children.back() == 0) {
            try {
                ::_exit(work());
            } catch (...) { ::_exit(2); }
        }
    }
    std::thread first([&] { EXPECT_EQ(work(), 0); });
    std::thread second([&] { EXPECT_EQ(work(), 0); });
    first.join();
    second.join();
    for (const pid_t child : children) {
        int status = -1;
        ::waitpid(child, &status, 0);
        EXPECT_EQ(status, 0);
    }
    EXPECT_EQ(folder.files(), 1);
}

// Root may write anywhere, so not by permissions: below a file, and in a file system of the kernel.
TEST(Writing, WhereNothingCanBeWrittenSaysWhere) {
    const TemporaryFolder folder;
    put_bytes(folder.path() / "file", "x");
    for (const auto& root :
         {folder.path() / "file" / "store", std::filesystem::path("/proc/store")}) {
        try {
            const Store store(root);
            FAIL() << root;
        } catch (const CacheError& error) {
            EXPECT_NE(std::string(error.what()).find(root.string()), std::string::npos);
            EXPECT_NE(std::string(error.what()).find("choose another folder"), std::string::npos);
        }
    }
    const Store store(folder.path() / "store");
    put_bytes(store.root() / "features", "a file where a folder must be");
    EXPECT_THROW(store.write(kKey, features(), CacheType::fp16, {}), CacheError);
}

}  // namespace
}  // namespace patchead
