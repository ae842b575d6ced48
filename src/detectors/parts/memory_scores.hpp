#pragma once

#include <cstdint>
#include <vector>

#include <ATen/ATen.h>

#include "parts/nearest.hpp"

/// \file
/// \brief Scores from neighbours in a memory, as PatchCore has them. Private to the detectors
/// layer.

namespace patchead::inline detectors_detail {

/// The mean of the squared distances to the k nearest, or to as many as there are. Shape: `[q]`.
[[nodiscard]] at::Tensor mean_of_nearest(const Neighbours& neighbours, std::int64_t k);

/// The score of an image, re-weighted (Eq. 7 of PatchCore as anomalib computes it): the distance s
/// of the patch farthest from memory, times 1 - its share in the softmax of the distances to the
/// `b` rows of memory (or as many as there are) that are nearest to the patch's own nearest row.
/// Shapes: `patches[L, D]` with their neighbours, `memory[m, D]`.
[[nodiscard]] double reweighted_score(const at::Tensor& patches, const Neighbours& neighbours,
                                      const at::Tensor& memory, std::int64_t b);

}  // namespace patchead::inline detectors_detail
