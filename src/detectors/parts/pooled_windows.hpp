#pragma once

#include <cstdint>
#include <vector>

#include <ATen/ATen.h>

#include "parts/layer_patches.hpp"

/// \file
/// \brief Patches that know their neighbours, as PatchCore makes them. Private to the detectors
/// layer.

namespace patchead::inline detectors_detail {

/// `patch_size` x `patch_size` windows of each layer, with zeros beyond the border, pooled to
/// `layer_dim` values a patch; layers after the first are resized to its grid (bilinear, half-pixel
/// centres); their concatenation is pooled to `dim` values. Shape: `[n, L, dim]`, float32.
///
/// Pooling is adaptive: value i of m is the mean of the values floor(i n / m) up to
/// ceil((i + 1) n / m) of n. Those of a window are in the order channel, row, column, so that with
/// as many values as channels each is the mean of its channel over the window.
[[nodiscard]] at::Tensor neighbourhood_patches(const std::vector<LayerPatches>& layers,
                                               int patch_size, std::int64_t layer_dim,
                                               std::int64_t dim);

}  // namespace patchead::inline detectors_detail
