#pragma once

#include <ATen/ATen.h>

#include "patchead/core/images.hpp"

/// \file
/// \brief WinCLIP's windows and what becomes of their embeddings. Private to the detectors layer.

namespace patchead::inline detectors_detail {

/// The patches of each window of `side` x `side`, one patch apart, windows in the order of the
/// grid. Shape: `[side side, windows]`, int64.
[[nodiscard]] at::Tensor window_patches(Grid grid, int side);

/// How likely embeddings are of something anomalous: the softmax of the cosines to the text vectors
/// of normal and anomalous, divided by `temperature`.
/// Shapes: `embeddings[..., D]` and `text[2, D]` to `[...]`, double.
[[nodiscard]] at::Tensor anomaly_probability(const at::Tensor& embeddings, const at::Tensor& text,
                                             double temperature);

/// Of each patch the harmonic mean of the values of the windows that cover it; 0 where one of them
/// is 0, NaN where none covers it. Shapes: `values[N, windows]` and `window_patches` to `[N, h,
/// w]`.
[[nodiscard]] at::Tensor harmonic_map(const at::Tensor& values, const at::Tensor& patches,
                                      Grid grid);

/// Half the cosine distance to the nearest of all references, 0 at least.
/// Shapes: `embeddings[N, n, D]` and `references[..., D]` to `[N, n]`.
[[nodiscard]] at::Tensor association(const at::Tensor& embeddings, const at::Tensor& references);

}  // namespace patchead::inline detectors_detail
