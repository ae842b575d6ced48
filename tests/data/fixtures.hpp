#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <unistd.h>

#include "patchead/core/error.hpp"
#include "patchead/core/types.hpp"
#include "patchead/data/image_io.hpp"

/// \file
/// \brief What several tests of the layer `data` need.

namespace patchead {

/// An empty folder of its own for each test and process, removed afterwards.
class FolderTest : public testing::Test {
  protected:
    void SetUp() override {
        const auto* test = testing::UnitTest::GetInstance()->current_test_info();
        folder_ = std::filesystem::path(testing::TempDir()) /
                  concat("patchead_", ::getpid(), "_", test->test_suite_name(), "_", test->name());
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::filesystem::path folder_;
};

inline void write_bytes(const std::filesystem::path& path, std::string_view bytes) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
}

/// A sample of which nothing but its files counts.
inline Sample files(const std::filesystem::path& image, const std::filesystem::path& mask = {}) {
    Sample sample;
    sample.image = image;
    sample.mask = mask;
    return sample;
}

/// The message with which `call` throws `E`; fails the test if it does not.
template <class E>
std::string message_of(const std::function<void()>& call) {
    try {
        call();
    } catch (const E& error) { return error.what(); }
    ADD_FAILURE() << "nothing was thrown";
    return {};
}

/// The folder of the reference library; empty if there is none, and then the test is to be skipped.
inline std::filesystem::path shared_folder() {
    const auto* folder = std::getenv("PATCHEAD_SHARED");
    if (folder == nullptr || !std::filesystem::is_directory(folder)) { return {}; }
    return folder;
}

#define SKIP_WITHOUT_SHARED()                                                               \
    if (shared_folder().empty()) {                                                          \
        GTEST_SKIP() << "SKIPPED: set PATCHEAD_SHARED to the folder of the reference data"; \
    }                                                                                       \
    static_assert(true)

}  // namespace patchead
