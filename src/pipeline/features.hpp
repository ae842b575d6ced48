#pragma once

#include <span>
#include <vector>

#include "patchead/cache/store.hpp"
#include "patchead/plan/sweep_plan.hpp"

/// \file
/// \brief Reading the artifacts a unit needs. Private to the pipeline layer.

namespace patchead::inline pipeline_detail {

/// Features of `images` in their order, with their versions, from as many artifacts as they lie in.
[[nodiscard]] FeatureBlock read_features(const Store& store, const SweepPlan& plan,
                                         std::span<const ImageRef> images);

/// Attention of `images` in their order. Shape: `[n, L]`.
[[nodiscard]] std::vector<float> read_attention(const Store& store, const SweepPlan& plan,
                                                std::span<const ImageRef> images);

/// Transforms of `pairs` in their order, from as many artifacts as they lie in.
[[nodiscard]] std::vector<Transform> read_transforms(const Store& store, const SweepPlan& plan,
                                                     std::span<const PairRef> pairs);

}  // namespace patchead::inline pipeline_detail
