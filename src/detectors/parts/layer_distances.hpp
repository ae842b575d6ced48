#pragma once

#include <ATen/ATen.h>

/// \file
/// \brief SuperADD's distances of a layer. Private to the detectors layer.

namespace patchead::inline detectors_detail {

/// L2 distance of each query patch to its nearest memory row, divided by the channels, so that
/// layers of different width can be averaged. Shapes: `queries[n, L, D]`, `memory[m, D]` to
/// `[n, L]`, double.
[[nodiscard]] at::Tensor distance_by_channels(const at::Tensor& queries, const at::Tensor& memory);

}  // namespace patchead::inline detectors_detail
