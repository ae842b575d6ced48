#pragma once

#include <cstdint>

#include <ATen/ATen.h>

/// \file
/// \brief Image scores smoothed over similar images of a batch: MuSc's RsCIN, MuSc-V2's RsCon.
/// Private to the detectors layer.

namespace patchead::inline detectors_detail {

/// To [0, 1] over all scores; NaN if all are equal, as published.
[[nodiscard]] at::Tensor min_max_scaled(const at::Tensor& scores);

/// The means of `scores[N]` over the k images whose vectors have the largest products with an
/// image's own (it may be among them), weighted by these; of equal products the lower row first.
/// k beyond N is N. Where the weights sum to 0, the image's own score.
/// Shape: `vectors[N, E]` to `[N]`, double.
[[nodiscard]] at::Tensor rescored(const at::Tensor& scores, const at::Tensor& vectors,
                                  std::int64_t k);

}  // namespace patchead::inline detectors_detail
