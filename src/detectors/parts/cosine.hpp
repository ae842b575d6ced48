#pragma once

#include <vector>

#include <ATen/ATen.h>

/// \file
/// \brief Cosine distances to the nearest patch. Private to the detectors layer.

namespace patchead::inline detectors_detail {

/// 1 - cosine of each query patch to its nearest memory patch.
/// Shapes: `queries[n, L, D]`, `memory[..., D]` to `[n, L]`, double.
[[nodiscard]] at::Tensor nearest_cosine_distance(const at::Tensor& queries,
                                                 const at::Tensor& memory);

}  // namespace patchead::inline detectors_detail
