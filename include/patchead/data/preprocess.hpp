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

/// The upper left `size` of `image`, which goes on with its outermost pixels where it is smaller.
[[nodiscard]] Image fit(Image image, MapSize size);

/// Resized and fit to whole patches as `shape` says, then `(x / 255 - mean) / std` per channel in
/// float32, in the order of torchvision's ToTensor and Normalize.
[[nodiscard]] NetworkInput preprocess(const Image& image, const InputShape& shape,
                                      const Preprocessing& preprocessing);

/// The second half of `preprocess`: the bytes of an image, normalised.
[[nodiscard]] NetworkInput normalise(const Image& image, const Preprocessing& preprocessing);

/// `mask` at another size.
[[nodiscard]] Mask resize_mask(const Mask& mask, MapSize size, MaskResize how);

}  // namespace patchead
