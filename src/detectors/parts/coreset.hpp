#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <ATen/ATen.h>

/// \file
/// \brief Greedy coresets of rows. Private to the detectors layer.
///
/// A coreset grows by the row that is farthest from it, of equal ones the lowest. Distances are L2,
/// in double, of rows in float32. The result is that of a plain loop that lowers all distances
/// after each choice, but most rows are looked at only when they could be chosen, and then together
/// with others. A coreset is smaller than asked for if all rows are equal to some of it.

namespace patchead::inline detectors_detail {

/// The coreset of the official PatchCore: a row's distance begins as the mean of its distances to
/// `starts`, which are no members. Shape: `rows[n, D]`.
[[nodiscard]] std::vector<std::int64_t> coreset_around(const at::Tensor& rows,
                                                       std::span<const std::int64_t> starts,
                                                       std::int64_t count);

/// The coreset of anomalib and of k-centre greedy: `start` is the first member.
[[nodiscard]] std::vector<std::int64_t> coreset_from(const at::Tensor& rows, std::int64_t start,
                                                     std::int64_t count);

/// Rows times the transposed `matrix[d, D]`: the space in which distances are cheap. Shape:
/// `[n, d]`, float32.
[[nodiscard]] at::Tensor projected(const at::Tensor& rows, const at::Tensor& matrix);

/// A share of n rows as a number of rows, as Python's `int(n * share)` has it, but at least one.
[[nodiscard]] std::int64_t share_of(std::int64_t rows, double share);

}  // namespace patchead::inline detectors_detail
