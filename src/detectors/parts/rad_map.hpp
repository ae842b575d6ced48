#pragma once

#include <cstddef>
#include <vector>

#include <ATen/ATen.h>

#include "patchead/core/images.hpp"

/// \file
/// \brief What RAD does before and after the search. Private to the detectors layer.

namespace patchead::inline detectors_detail {

/// Weights of layers with sum 1, equal if `given` is empty. Throws DataError if it has another
/// number than there are layers.
[[nodiscard]] std::vector<double> layer_weights(const std::vector<double>& given,
                                                std::size_t layers);

/// Patch scores as RAD's map: bilinear, then a Gaussian of 5 x 5 pixels and sigma 1 beyond whose
/// border lie zeros (so it darkens the border). Shape: `patches[N, h, w]`.
[[nodiscard]] at::Tensor rad_map(const at::Tensor& patches, MapSize size);

}  // namespace patchead::inline detectors_detail
