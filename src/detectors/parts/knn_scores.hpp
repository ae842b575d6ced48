#pragma once

#include <cstdint>

#include <ATen/ATen.h>

/// \file
/// \brief Patch scores from several nearest neighbours. Private to the detectors layer.

namespace patchead::inline detectors_detail {

/// cosine: mean of 1 - cos over the k nearest; l2: square root of their mean squared distance.
enum class PatchMetric { cosine, l2 };

/// Rows as `mean_knn_distance` takes them.
[[nodiscard]] at::Tensor rows_for(PatchMetric metric, const at::Tensor& rows);

/// Shapes: `queries[q, D]`, `memory[m, D]`, both of `rows_for`, to `[q]`, double. Of a memory that
/// has less than k rows all are taken.
[[nodiscard]] at::Tensor mean_knn_distance(const at::Tensor& queries, const at::Tensor& memory,
                                           std::int64_t k, PatchMetric metric);

/// Mean of the cosine distances strictly below the `kth` smallest; NaN where there are none.
/// Shapes: unit rows `queries[q, D]`, `pool[m, D]`, kth from 1 to m, to `[q]`, double.
[[nodiscard]] at::Tensor mean_below_kth(const at::Tensor& queries, const at::Tensor& pool,
                                        std::int64_t kth);

}  // namespace patchead::inline detectors_detail
