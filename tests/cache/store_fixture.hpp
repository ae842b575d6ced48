#pragma once

#include <initializer_list>
#include <string>

#include <gtest/gtest.h>

#include "patchead/cache/damaged_error.hpp"
#include "patchead/cache/store.hpp"
#include "patchead/core/error.hpp"
#include "samples.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {

class StoreTest : public testing::Test {
  protected:
    TemporaryFolder folder_;
    Store store_{folder_.path() / "store"};

    /// Message of the CacheError that `call` throws.
    template <class Call>
    static std::string error_of(Call call) {
        try {
            static_cast<void>(call());
        } catch (const CacheError& error) { return error.what(); }
        return "no error";
    }
    /// That a result is not there, which is not to be damaged.
    void expect_absent(const ArtifactKey& key) {
        try {
            (void)store_.read_result(key);
            FAIL() << "it is not there";
        } catch (const DamagedError&) {
            FAIL() << "what is absent is not damaged";
        } catch (const CacheError& error) { expect_says(error.what(), {"there is no file"}); }
    }
    static void expect_says(const std::string& message, std::initializer_list<std::string> parts) {
        for (const auto& part : parts) {
            EXPECT_NE(message.find(part), std::string::npos) << part << " not in: " << message;
        }
    }
};

}  // namespace patchead
