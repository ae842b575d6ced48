#pragma once

#include <gtest/gtest.h>

/// \file
/// \brief What a test program tells ctest, which would take a program that skipped all for passed.

/// SKIP_RETURN_CODE of ctest.
constexpr int kExitSkipped = 77;

/// Whether tests were skipped and no other one passed.
inline bool only_skipped() {
    const auto& tests = *testing::UnitTest::GetInstance();
    return tests.skipped_test_count() > 0 && tests.successful_test_count() == 0;
}
