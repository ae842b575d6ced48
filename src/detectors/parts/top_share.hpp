#pragma once

#include <ATen/ATen.h>

#include "patchead/core/images.hpp"

/// \file
/// \brief Image scores from the highest pixels of maps. Private to the detectors layer.

namespace patchead::inline detectors_detail {

/// Of each map the mean of the floor(share n) highest of its n pixels, at least of `least` ones;
/// NaN if that is none. Shape: `maps[N, h, w]` to `[N]`, double.
[[nodiscard]] at::Tensor mean_of_top_share(const at::Tensor& maps, double share,
                                           std::int64_t least = 1);

/// A map with the aspect of `input` and a longer side of `longer`.
[[nodiscard]] MapSize scaled_map(MapSize input, int longer);

}  // namespace patchead::inline detectors_detail
