#pragma once

#include <span>
#include <vector>

#include "patchead/core/types.hpp"
#include "patchead/metrics/metrics.hpp"

/// \file
/// \brief The middle of maps and masks. Private to the metrics layer.

namespace patchead::inline metrics_detail {

/// The `window` of a mask.
[[nodiscard]] Mask cropped(const Mask& mask, const MapWindow& window);

/// What of the `map` of an image is measured against `pixels`: `map` itself, or its middle, for
/// which `memory` is used.
[[nodiscard]] std::span<const float> window_of(std::span<const float> map,
                                               const GroundTruth::Pixels& pixels, double kept_side,
                                               std::vector<float>& memory);

}  // namespace patchead::inline metrics_detail
