#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "patchead/core/options.hpp"
#include "patchead/core/types.hpp"

/// \file
/// \brief Images and maps moved by a transform.

namespace patchead {

/// `image` seen from the target's side: bilinear, same size, corners filled as `border` says.
/// The identity gives the same bytes.
[[nodiscard]] Image warp(const Image& image, const Transform& transform, AlignBorder border);

/// `image` turned by 180 degrees about its centre: pixels in reverse order, nothing interpolated.
[[nodiscard]] Image rotate_180(const Image& image);

/// `image` turned or flipped as a fixed `version` says: turned about (width / 2, height / 2) in
/// pixels, bilinear, same size, corners reflected (AnomalyDINO's cv2.warpAffine). Throws
/// std::logic_error for a version that is not fixed.
[[nodiscard]] Image fixed_version(const Image& image, Version version);

/// `transform`, then a turn by 180 degrees about the centre of the target.
[[nodiscard]] Transform then_rotated_180(const Transform& transform);

/// The other way round. Throws std::logic_error if it is singular.
[[nodiscard]] Transform inverse(const Transform& transform);

/// Which patches of a warped image show the source: 1 where at least half of the patch does.
/// Shape: `[grid.rows, grid.cols]`.
[[nodiscard]] std::vector<std::uint8_t> valid_patches(const Transform& transform, Grid grid);

/// Adds to `sum`, a map in the frame of the source, the `map` of the warped image, and 1 to
/// `count`, where the warped frame covers the source. All are `[size.height, size.width]`.
/// Bilinear.
void add_warped_back(std::span<const float> map, const Transform& transform, MapSize size,
                     std::span<float> sum, std::span<float> count);

}  // namespace patchead
