#pragma once

#include <cstdint>
#include <vector>

#include <ATen/ATen.h>

#include "patchead/core/choices.hpp"
#include "patchead/core/images.hpp"

/// \file
/// \brief Patch scores as maps, the way publications make them. Private to the detectors layer.
///
/// All in double precision, over the last two axes of any number of axes.

namespace patchead::inline detectors_detail {

/// Half-pixel centres; with `align_corners` the outermost patches lie on the corners; no
/// antialiasing. nearest: pixel i of N shows patch floor(i n / N).
[[nodiscard]] at::Tensor resize_maps(const at::Tensor& maps, MapSize size,
                                     Interpolation interpolation = Interpolation::bilinear);

/// What lies beyond the border of a map that is blurred.
///  * edge: the edge pixel is repeated, cba|abc|cba (what SciPy calls reflect)
///  * mirror: it is not, dcb|abcd|cba (reflect of OpenCV, kornia and anomalib)
///  * zero: nothing
enum class BlurBorder { edge, mirror, zero };

/// exp(-x^2 / 2 sigma^2) for x from -radius to radius, sum 1.
[[nodiscard]] std::vector<double> gauss_kernel(double sigma, std::int64_t radius);

/// The separable filter of `kernel`, which has an odd number of values.
[[nodiscard]] at::Tensor blur(const at::Tensor& maps, const std::vector<double>& kernel,
                              BlurBorder border);

}  // namespace patchead::inline detectors_detail
