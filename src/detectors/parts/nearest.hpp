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

/// Neighbours of `queries[q, D]` among `memory[m, D]`, k at most m.
///
/// Distances are sums of squared differences in double, in one order of sums: rows that are equal
/// have distance 0, and nothing depends on other queries or on threads. A product in float32 finds
/// candidates; its error is bounded, and all rows within the bound are looked at again, so the
/// result is that of a search in double. Beside the arguments it takes some 60 MB, whatever their
/// sizes. Both are read as they are if both are float32, else in double.
[[nodiscard]] Neighbours nearest(const at::Tensor& queries, const at::Tensor& memory,
                                 std::int64_t k = 1);

}  // namespace patchead::inline detectors_detail
