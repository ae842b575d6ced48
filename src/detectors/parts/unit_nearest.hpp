#pragma once

#include <ATen/ATen.h>

/// \file
/// \brief Cosine distances of rows that are of length 1 already. Private to the detectors layer.

namespace patchead::inline detectors_detail {

/// 1 - cosine of each query patch to its nearest row of the bank: half the squared distance, so
/// that equal rows have 0. Shapes: `queries[n, L, C]` and `bank[..., C]`, float32, to `[n, L]`,
/// double.
[[nodiscard]] at::Tensor nearest_unit_distance(const at::Tensor& queries, const at::Tensor& bank);

}  // namespace patchead::inline detectors_detail
