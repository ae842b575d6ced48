#pragma once

#include <cstdint>
#include <vector>

#include <ATen/ATen.h>

#include "patchead/core/images.hpp"
#include "patchead/detectors/scoring_work.hpp"

/// \file
/// \brief MuSc's mutual scoring (MSM): images looked up in each other. Private to the detectors
/// layer.

namespace patchead::inline detectors_detail {

/// For each side r of windows, image i and patch p: the mean of the `count` smallest, over the
/// other images j, of the least Euclidean distance of z_i(p) to the patches of j. z is the sum of
/// the r x r rows around a patch, L2-normalised and rounded to float32; with r = 1 the row itself.
/// NaN if `count` is 0.
/// Shapes: `rows[N, L, C]`, float32, to `[r, N, L]`, double. Sides are odd; `count` < N.
///
/// Each pair of images is multiplied once: its rows serve one image, its columns the other, and
/// windows are sums over the product of the rows. Distances are computed again in double where
/// the product says that they may be the least, so no bit depends on the product's.
/// Memory beyond `rows`: 1 GiB of distances (beyond that pairs are multiplied twice), 16 images,
/// and two products a thread.
[[nodiscard]] at::Tensor mutual_scores(const at::Tensor& rows, Grid grid,
                                       const std::vector<int>& sides, std::int64_t count);

/// What that takes for one image among `others`: its half of the products of patches, and of the
/// sums over windows of them.
[[nodiscard]] double mutual_flops(const LayerPlan& layer, double others,
                                  const std::vector<int>& sides);

}  // namespace patchead::inline detectors_detail
