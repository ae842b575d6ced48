#pragma once

#include <cstdint>

#include <ATen/ATen.h>

/// \file
/// \brief Nearest neighbours among rows. Private to the detectors layer.

namespace patchead::inline detectors_detail {

/// The k nearest of each query, nearest first; of equal ones the lower row first.
/// Shapes: `squared[q, k]`, double: squared L2 distances; `rows[q, k]`, int64.
struct Neighbours {
    at::Tensor squared;
    at::Tensor rows;
};

/// Neighbours of `queries[q, D]` among `memory[m, D]`, k at most m. Distances are sums of squared
/// differences in double of the float32 rows, so they are exact where rows are equal, and no
/// result depends on other queries. Candidates are found by products in parts of bounded memory.
[[nodiscard]] Neighbours nearest(const at::Tensor& queries, const at::Tensor& memory,
                                 std::int64_t k = 1);

}  // namespace patchead::inline detectors_detail
