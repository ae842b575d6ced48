#pragma once

#include <array>
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

/// Where a turn by `degrees`, anticlockwise, about (width / 2, height / 2) takes a pixel: (x, y) to
/// (m[0] x + m[1] y + m[2], m[3] x + m[4] y + m[5]), px (OpenCV's getRotationMatrix2D).
[[nodiscard]] std::array<double, 6> turn_matrix(MapSize size, double degrees);

/// `image` turned by that matrix: bilinear, same size, corners mirrored, to the byte as
/// AnomalyDINO's cv2.warpAffine with OpenCV 4.6, whatever OpenCV is installed. A side is at most
/// 32767 px.
[[nodiscard]] Image turned(const Image& image, double degrees);

/// `image` turned or flipped as a fixed `version` says. Throws std::logic_error for a version that
/// is not fixed.
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
