#pragma once

#include <cstdint>
#include <vector>

#include <ATen/ATen.h>

#include "patchead/core/images.hpp"

/// \file
/// \brief MuSc's scores of one layer. Private to the detectors layer.

namespace patchead::inline detectors_detail {

/// LNAMD and mutual scoring: tokens are normalised over each image, averaged over windows of each
/// side, brought to the grid `onto`, L2-normalised, and scored against the `count` nearest of the
/// other images. Shape: `tokens[N, L', C]`, float32, to `[r, N, L]`, double.
[[nodiscard]] at::Tensor lnamd_scores(const at::Tensor& tokens, Grid grid, Grid onto,
                                      const std::vector<int>& sides, std::int64_t count);

}  // namespace patchead::inline detectors_detail
