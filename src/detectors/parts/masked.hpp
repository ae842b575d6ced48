#pragma once

#include <cstdint>
#include <functional>

#include <ATen/ATen.h>

/// \file
/// \brief Scores of the foreground of an image, and of an image. Private to the detectors layer.

namespace patchead::inline detectors_detail {

/// `score` of the rows that `mask` says, 0 for all others; `score` is not called without rows.
/// Shapes: `rows[L, D]`, `mask[L]`, bool, to `[L]`, double.
[[nodiscard]] at::Tensor scores_inside(const at::Tensor& rows, const at::Tensor& mask,
                                       const std::function<at::Tensor(const at::Tensor&)>& score);

/// Mean of the int(share n) highest of n values; the maximum if that is none.
[[nodiscard]] double top_share_score(const at::Tensor& values, double share);

/// All rows but those of an image. Shapes: `rows[n, L, D]` to `[(n - 1) L, D]`.
[[nodiscard]] at::Tensor without_image(const at::Tensor& rows, std::int64_t image);

}  // namespace patchead::inline detectors_detail
