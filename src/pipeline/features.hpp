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

/// The same with these tokens, which must be wanted of the units.
[[nodiscard]] FeatureBlock read_with_tokens(const Store& store, const SweepPlan& plan,
                                            std::span<const ImageRef> images,
                                            const TokenRequest& tokens);

/// The same with the patches of `layer`, which the units want, as embeddings.
[[nodiscard]] FeatureBlock read_layer(const Store& store, const SweepPlan& plan,
                                      std::span<const ImageRef> images, const TokenLayer& layer);

/// Class tokens and registers of `images` at `layer`, and embeddings of the images as a whole, in
/// their order; these must be wanted of the units.
[[nodiscard]] PrefixTokens read_prefix(const Store& store, const SweepPlan& plan,
                                       std::span<const ImageRef> images, const TokenLayer& layer);
[[nodiscard]] ImageTokens read_image_tokens(const Store& store, const SweepPlan& plan,
                                            std::span<const ImageRef> images);

/// Embeddings of their windows of `side` patches, which must be wanted of the units.
[[nodiscard]] WindowTokens read_windows(const Store& store, const SweepPlan& plan,
                                        std::span<const ImageRef> images, int side);

/// Attention of `images` in their order. Shape: `[n, L]`.
[[nodiscard]] std::vector<float> read_attention(const Store& store, const SweepPlan& plan,
                                                std::span<const ImageRef> images);

/// Transforms of `pairs` in their order, from as many artifacts as they lie in.
[[nodiscard]] std::vector<Transform> read_transforms(const Store& store, const SweepPlan& plan,
                                                     std::span<const PairRef> pairs);

}  // namespace patchead::inline pipeline_detail
