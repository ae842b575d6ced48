#pragma once

#include <vector>

#include <ATen/ATen.h>

#include "patchead/detectors/detector.hpp"

/// \file
/// \brief What MuSc-V2 makes of the tokens of a layer: SNAMD. Private to the detectors layer.

namespace patchead::inline detectors_detail {

/// For each side r: the mean of the r x r patches around each, a neighbour f weighing
/// exp(-|f - centre|). Beyond the border lie zeros, which weigh, too. Then the mean over the sides.
/// Shape: `tokens[n, L, C]` to `[n, L, C]`, double. Sides are odd.
[[nodiscard]] at::Tensor similarity_weighted_means(const at::Tensor& tokens, Grid grid,
                                                   const std::vector<int>& sides);

/// The same of a layer, image by image, on the grid `onto` and L2-normalised.
/// Shape: `[N, L, C]`, float32.
[[nodiscard]] at::Tensor snamd_rows(const LayerTokens& tokens, Grid onto,
                                    const std::vector<int>& sides);

/// The layer that image vectors come from: the last but one, of a single layer this one.
[[nodiscard]] std::size_t salient_layer(std::size_t layers);

/// The row of each image at its highest score, the first of equal ones.
/// Shapes: `rows[N, L, C]` and `scores[N, L]` to `[N, C]`.
[[nodiscard]] at::Tensor salient_rows(const at::Tensor& rows, const at::Tensor& scores);

}  // namespace patchead::inline detectors_detail
