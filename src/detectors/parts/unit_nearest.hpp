#pragma once

#include <ATen/ATen.h>

/// \file
/// \brief Rows of length 1 and their cosine distances. Private to the detectors layer.

namespace patchead::inline detectors_detail {

/// Rows divided by their length in double precision, few at a time, so that little is held in
/// double. Shapes: `[..., D]` of any type to `[rows, D]`, float32.
[[nodiscard]] at::Tensor unit_float_rows(const at::Tensor& rows);
/// The same in their shape.
[[nodiscard]] at::Tensor unit_images(const at::Tensor& tokens);

/// 1 - cosine of each query patch to its nearest row of the bank, all of length 1: half the squared
/// distance, so that equal rows have 0. Shapes: `queries[n, L, C]` and `bank[..., C]`, float32, to
/// `[n, L]`, double.
[[nodiscard]] at::Tensor nearest_unit_distance(const at::Tensor& queries, const at::Tensor& bank);

/// The same of rows of any length and type.
[[nodiscard]] at::Tensor nearest_cosine_distance(const at::Tensor& queries,
                                                 const at::Tensor& memory);

}  // namespace patchead::inline detectors_detail
