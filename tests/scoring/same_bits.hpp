#pragma once

#include <bit>
#include <cstdint>
#include <span>

#include <gtest/gtest.h>

namespace patchead {

/// Equal bits, NaN included.
inline void expect_same_bits(std::span<const float> a, std::span<const float> b) {
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        ASSERT_EQ(std::bit_cast<std::uint32_t>(a[i]), std::bit_cast<std::uint32_t>(b[i])) << i;
    }
}

}  // namespace patchead
