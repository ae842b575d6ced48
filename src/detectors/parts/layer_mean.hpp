#pragma once

#include <ATen/ATen.h>

#include "patchead/detectors/detector.hpp"

/// \file
/// \brief Features averaged over layers. Private to the detectors layer.

namespace patchead::inline detectors_detail {

/// The mean over the layers of each patch's features. Layers with another grid than the first one
/// are brought to it (bilinear), layers with more channels than another one to the fewest (means
/// of neighbouring channels). Shape: `[n, L, C]`, double.
[[nodiscard]] at::Tensor mean_of_layers(const DetectorImages& images);

}  // namespace patchead::inline detectors_detail
