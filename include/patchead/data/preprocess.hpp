#pragma once

#include <array>

#include "patchead/core/types.hpp"

/// \file
/// \brief From pixels to network input, bit by bit as PIL and torchvision do it.

namespace patchead {

/// Filter of the resize.
enum class Filter { bicubic, bilinear };

/// How a backbone wants its input. All of it is part of the feature key.
struct Preprocessing {
    Filter filter = Filter::bicubic;
    std::array<float, 3> mean{0.485F, 0.456F, 0.406F};
    std::array<float, 3> std{0.229F, 0.224F, 0.225F};
};

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

/// How a mask is brought to another size.
///  * area50: bilinear-antialias resize of 0/255 bytes, then > 0.5 (AnomalyCLIP's rule; default)
///  * nearest: the pixel at the centre
///  * any: any part of the pixel was anomalous (MuSc on VisA)
///  * all: the whole pixel was anomalous (MuSc on MVTec)
enum class MaskResize { area50, nearest, any, all };

/// `mask` at `side_px` x `side_px`.
[[nodiscard]] Mask resize_mask(const Mask& mask, int side_px, MaskResize how);

}  // namespace patchead
