#pragma once

#include <cstdint>

/// \file
/// \brief How large a picture may be: what a file says of itself is looked at before memory is
/// taken for its pixels.

namespace patchead {

/// As many as an anomaly map has at most: 11585 x 11585.
inline constexpr std::int64_t kMostPixels = std::int64_t{1} << 27U;

/// Of an image, mask or map in this process: `kMostPixels` until it is set.
[[nodiscard]] std::int64_t most_pixels();

/// Sets it for all threads. Requires a number above 0.
void set_most_pixels(std::int64_t pixels);

}  // namespace patchead
