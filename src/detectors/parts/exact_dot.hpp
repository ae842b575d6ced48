#pragma once

#include <cstdint>

/// \file
/// \brief The product of two rows, the same bits everywhere. Private to the detectors layer.

namespace patchead::inline detectors_detail {

/// Sum of a[i] b[i]. Products of floats are exact in double; they are summed in double in lanes of
/// a fixed number, so the bits are the same on every machine, and `a` and `b` may change places.
/// Of equal rows a a + b b - 2 a b is exactly 0.
[[nodiscard]] double exact_dot(const float* a, const float* b, std::int64_t size);

}  // namespace patchead::inline detectors_detail
