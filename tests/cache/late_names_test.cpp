// Names that another machine has made and that are seen late, as with NFS.

#include <chrono>
#include <filesystem>
#include <thread>

#include <gtest/gtest.h>

#include "patchead/core/error.hpp"
#include "store_fixture.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class LateNamesTest : public StoreTest {
  protected:
    void SetUp() override {
        store_.write(kKey, result(), kProvenance);
        fs::rename(artifact(), unseen());
    }

    [[nodiscard]] fs::path artifact() const { return store_.path(kKey); }
    [[nodiscard]] fs::path unseen() const { return folder_.path() / "unseen"; }
};

TEST_F(LateNamesTest, AnArtifactIsLookedForAgain) {
    EXPECT_FALSE(store_.contains(kKey));
    const std::jthread late([&] {
        std::this_thread::sleep_for(50ms);
        fs::rename(unseen(), artifact());
    });
    EXPECT_EQ(store_.read_result(kKey).ids, result().ids);
}

TEST_F(LateNamesTest, WithItsFolder) {
    fs::remove_all(store_.root() / kKey.kind());
    const std::jthread late([&] {
        std::this_thread::sleep_for(50ms);
        fs::create_directories(artifact().parent_path());
        fs::rename(unseen(), artifact());
    });
    EXPECT_EQ(store_.read_result(kKey).ids, result().ids);
}

TEST_F(LateNamesTest, WhatNeverComesIsNotThere) { expect_absent(kKey); }

}  // namespace
}  // namespace patchead
