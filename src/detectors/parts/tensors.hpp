#pragma once

#include <cstdint>
#include <string>

#include <ATen/ATen.h>

#include "patchead/core/plain_tensor.hpp"
#include "patchead/detectors/detector.hpp"

/// \file
/// \brief Between plain arrays and LibTorch's. Private to the detectors layer.

namespace patchead::inline detectors_detail {

/// A copy, double precision.
[[nodiscard]] at::Tensor to_double(const PlainTensor& plain);

/// Any type becomes float32.
[[nodiscard]] PlainTensor to_plain(const at::Tensor& tensor);

/// The array `name`. Throws DataError if there is none or it has another number of axes than
/// `axes` (0: any).
[[nodiscard]] const PlainTensor& array_of(const NamedTensors& tensors, const std::string& name,
                                          std::size_t axes = 0);

/// Rows of all patches of all images: a view of `tokens`, float32. Shape: `[n, L, D]`.
[[nodiscard]] at::Tensor view_of(const LayerTokens& tokens);

/// Each row of the last axis divided by its norm; a row shorter than 1e-12 stays short.
[[nodiscard]] at::Tensor unit_rows(const at::Tensor& rows);

/// Mean of the `count` highest of all values, summed in double in descending order.
[[nodiscard]] double mean_of_highest(const at::Tensor& values, std::int64_t count);

}  // namespace patchead::inline detectors_detail
