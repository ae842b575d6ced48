#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <ATen/ATen.h>

#include "patchead/core/images.hpp"

/// \file
/// \brief RAD's search: in the images that are most like a query, near the place of each patch.
/// Private to the detectors layer.

namespace patchead::inline detectors_detail {

/// The k rows of `bank[n, E]` with the largest cosine to `query[E]`, best first, of equal ones the
/// lower first; all if there are fewer.
[[nodiscard]] std::vector<std::int64_t> most_similar(const at::Tensor& query,
                                                     const at::Tensor& bank, std::int64_t k);

/// Where a patch may be looked up: `radius` rows and columns away at most; nullopt: anywhere.
struct SearchRegion {
    Grid grid;
    std::optional<int> radius;
};

/// 1 - cosine of each patch of an image to the nearest one in its region of any of `images`.
/// Shapes: `query[L, C]` and `bank[n, L, C]`, rows of length 1 in float32, to `[L]`, double.
[[nodiscard]] at::Tensor regional_distance(const at::Tensor& query, const at::Tensor& bank,
                                           const std::vector<std::int64_t>& images,
                                           const SearchRegion& region);

}  // namespace patchead::inline detectors_detail
