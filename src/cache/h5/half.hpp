#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

/// \file
/// \brief Half precision (IEEE 754 binary16) to and from float.
///
/// HDF5 converts at 25 to 33 MB/s, so it must never be asked to; the loops here run at the speed
/// of memory, with the processor's own instructions (F16C) where it has them.

namespace patchead::inline cache_detail {

/// A half-precision number as it lies in the file.
enum class Half : std::uint16_t {};

/// The largest finite half.
inline constexpr float kLargestHalf = 65504;

/// Nearest halves, ties to even. Requires finite `from` with |x| <= kLargestHalf and equal sizes.
void to_half(std::span<const float> from, std::span<Half> to);

/// Exact; infinities and NaN stay what they are. Requires equal sizes.
void to_float(std::span<const Half> from, std::span<float> to);

/// Position of the first value that is not finite or larger in magnitude than `largest`;
/// `values.size()` if there is none.
[[nodiscard]] std::size_t first_beyond(std::span<const float> values, float largest);

/// What the two above do on a processor without F16C; the same bits.
namespace portable {
void to_half(std::span<const float> from, std::span<Half> to);
void to_float(std::span<const Half> from, std::span<float> to);
}  // namespace portable

}  // namespace patchead::inline cache_detail
