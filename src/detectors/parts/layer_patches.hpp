#pragma once

#include <cstdint>
#include <vector>

#include <ATen/ATen.h>

#include "patchead/core/images.hpp"
#include "patchead/detectors/detector.hpp"

/// \file
/// \brief Patches of several layers. Private to the detectors layer.

namespace patchead::inline detectors_detail {

/// Patches of one layer, `patches[n, L, C]`, float32.
struct LayerPatches {
    Grid grid;
    at::Tensor patches;
};

/// Views of what a detector is given.
/// Throws DataError unless there are images and all layers have the same number of them.
[[nodiscard]] std::vector<LayerPatches> layers_of(const DetectorImages& images);

/// One image, `[1, L, C]`: a detector that works on one after another takes little memory.
[[nodiscard]] std::vector<LayerPatches> image_of(const std::vector<LayerPatches>& layers,
                                                 std::int64_t image);

/// Feature maps `[n, C, h, w]`.
[[nodiscard]] LayerPatches patches_of_map(const at::Tensor& map);

/// The sum of all layers' channels.
[[nodiscard]] std::int64_t channels_of(const std::vector<LayerPatches>& layers);

/// Channels of all layers side by side on the grid of the first; a patch there shows the patch of a
/// coarser layer that it lies in (nearest). Shape: `[n, L, D]`, float32.
[[nodiscard]] at::Tensor side_by_side(const std::vector<LayerPatches>& layers);
/// The same of some channels alone, in their order.
[[nodiscard]] at::Tensor side_by_side(const std::vector<LayerPatches>& layers,
                                      const std::vector<std::int64_t>& channels);

}  // namespace patchead::inline detectors_detail
