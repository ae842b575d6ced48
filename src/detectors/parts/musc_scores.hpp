#pragma once

#include <cstdint>
#include <vector>

#include <ATen/ATen.h>

#include "patchead/detectors/detector.hpp"

/// \file
/// \brief What MuSc and MuSc-V2 have in common after their features. Private to the detectors
/// layer.

namespace patchead::inline detectors_detail {

/// How many of the other images a patch's score is a mean over: floor((N - 1) share).
[[nodiscard]] std::int64_t mutual_count(std::int64_t images, double share);

/// The mean of the scores rescored with each k of a list. Shape: `[N]`, double.
[[nodiscard]] at::Tensor rescored_mean(const at::Tensor& scores, const at::Tensor& vectors,
                                       const std::vector<int>& k_list);

/// The same for patch maps of a batch: the highest pixel of each upsampled map, scaled over the
/// batch (equal ones to 0), rescored. Shapes: `patches[N, L]`, `vectors[N, E]`.
[[nodiscard]] PatchScores musc_scores(const DetectorImages& batch, const at::Tensor& patches,
                                      const at::Tensor& vectors, const std::vector<int>& k_list);

/// Throws DataError for a single image.
void require_batch(const DetectorImages& batch);

/// Odd numbers of the option `name`. Throws ConfigError.
[[nodiscard]] std::vector<int> window_sides(const DetectorOptions& options,
                                            const std::string& name);

}  // namespace patchead::inline detectors_detail
