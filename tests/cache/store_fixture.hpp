#pragma once

#include <initializer_list>
#include <string>

#include <gtest/gtest.h>

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
    static void expect_says(const std::string& message, std::initializer_list<std::string> parts) {
        for (const auto& part : parts) {
            EXPECT_NE(message.find(part), std::string::npos) << part << " not in: " << message;
        }
    }
};

}  // namespace patchead
