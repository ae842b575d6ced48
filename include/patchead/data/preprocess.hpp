#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "patchead/core/options.hpp"
#include "patchead/core/types.hpp"

/// \file
/// \brief From pixels to network input, bit by bit as PIL and torchvision do it.

namespace patchead {

/// Bytes resized with PIL's integer resampler (bicubic a = -0.5 or triangle, antialiased, width
/// pass first and rounded to bytes, then height). Bit-exact with `PIL.Image.resize`.
/// Requires positive sizes.
[[nodiscard]] Image resize(const Image& image, int height, int width, Filter filter);

/// The same for one channel. Shape: `pixels[height, width]`.
[[nodiscard]] std::vector<std::uint8_t> resize_plane(std::span<const std::uint8_t> pixels,
                                                     int height, int width, int new_height,
                                                     int new_width, Filter filter);

/// Squash to `side_px` x `side_px`, then `(x / 255 - mean) / std` per channel in float32, in the
/// order of torchvision's ToTensor and Normalize.
[[nodiscard]] NetworkInput preprocess(const Image& image, int side_px,
                                      const Preprocessing& preprocessing);

/// The second half of `preprocess`: the bytes of a square image, normalised.
[[nodiscard]] NetworkInput normalise(const Image& square, const Preprocessing& preprocessing);

/// `mask` at `side_px` x `side_px`.
[[nodiscard]] Mask resize_mask(const Mask& mask, int side_px, MaskResize how);

}  // namespace patchead
