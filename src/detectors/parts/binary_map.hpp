#pragma once

#include <cstdint>

#include <ATen/ATen.h>

/// \file
/// \brief SuperADD's way from a map to pixels that are anomalous. Private to the detectors layer.

namespace patchead::inline detectors_detail {

/// Value below which `percent` of all values lie, linear between neighbours (NumPy's rule).
[[nodiscard]] double percentile(const at::Tensor& values, double percent);

/// What pixels of normal images rarely reach: a percentile of their maps, times a factor.
[[nodiscard]] double normal_threshold(const at::Tensor& maps, double percent, double factor);

struct BinaryRule {
    int closing_radius = 26;  ///< px
    int closing_angles = 16;
    double closing_lower_threshold = 0.8;  ///< Times the threshold: what closing may add.
    int binary_erosion = 1;                ///< Radius, px.
};

/// A line through the centre, the first horizontal, turned by 180 degrees / `closing_angles` each.
/// Shape: `[angles, 2 r + 1, 2 r + 1]`, bytes 0 or 1.
[[nodiscard]] at::Tensor line_kernels(const BinaryRule& rule);
/// The same lines, each wider by a pixel to the right and below.
[[nodiscard]] at::Tensor dilated_kernels(const BinaryRule& rule);
/// Shape: `[2 e + 1, 2 e + 1]`, bytes 0 or 1.
[[nodiscard]] at::Tensor erosion_kernel(const BinaryRule& rule);

/// Bytes 0 or 255. Shapes: `[h, w]`.
struct BinaryMaps {
    at::Tensor thresholded;  ///< Above the threshold.
    at::Tensor closed;       ///< Gaps closed along lines where the map exceeds the lower threshold.
    at::Tensor filled;       ///< Without holes.
    at::Tensor binary;       ///< Eroded: what is anomalous.
};

/// `map[h, w]`, compared with thresholds in its own precision.
[[nodiscard]] BinaryMaps binary_maps(const at::Tensor& map, double threshold,
                                     const BinaryRule& rule);

}  // namespace patchead::inline detectors_detail
