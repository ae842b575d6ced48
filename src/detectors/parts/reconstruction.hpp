#pragma once

#include <ATen/ATen.h>

/// \file
/// \brief Patches made of a coreset's rows, as FastRecon makes them. Private to the detectors
/// layer.

namespace patchead::inline detectors_detail {

/// The combinations W S of the rows of `coreset[m, D]` (S) for which
/// |Q - W S|^2 + lambda |mean - W S|^2 is least: (Q + lambda mean) / (1 + lambda), projected on
/// what the rows span. Shapes: `queries[n, L, D]` (Q), `mean[L, D]` to `[n, L, D]`, double.
[[nodiscard]] at::Tensor reconstructed(const at::Tensor& queries, const at::Tensor& mean,
                                       const at::Tensor& coreset, double lambda);

}  // namespace patchead::inline detectors_detail
