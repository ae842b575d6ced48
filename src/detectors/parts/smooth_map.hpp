#pragma once

#include <ATen/ATen.h>

#include "patchead/core/images.hpp"

/// \file
/// \brief The map of PatchCore and its kin. Private to the detectors layer.

namespace patchead::inline detectors_detail {

/// Patch scores resized (bilinear, half-pixel centres) and blurred as SciPy's `gaussian_filter`
/// does: the Gaussian ends at 4 sigma, and the edge pixel is repeated. Over the last two axes.
[[nodiscard]] at::Tensor smooth_map(const at::Tensor& scores, MapSize size, double sigma);

}  // namespace patchead::inline detectors_detail
