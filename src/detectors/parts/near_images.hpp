#pragma once

#include <cstdint>

#include <ATen/ATen.h>

/// \file
/// \brief Images whose whole is near, as SPADE looks for them. Private to the detectors layer.

namespace patchead::inline detectors_detail {

/// The nearest images of each query, nearest first. Shapes: `[q, k]`.
struct NearImages {
    at::Tensor rows;       ///< int64.
    at::Tensor distances;  ///< L2, double.

    /// The published score of an image. Shape: `[q]`.
    [[nodiscard]] at::Tensor mean_distance() const { return distances.mean(1); }
};

/// Among `references[n, E]`; k, or as many as there are.
[[nodiscard]] NearImages near_images(const at::Tensor& queries, const at::Tensor& references,
                                     std::int64_t k);

/// L2 distance of each patch `patches[L, D]` to the nearest of `gallery[m, D]`. Shape: `[L]`,
/// double.
[[nodiscard]] at::Tensor gallery_distance(const at::Tensor& patches, const at::Tensor& gallery);

}  // namespace patchead::inline detectors_detail
