#pragma once

#include <span>
#include <vector>

#include "patchead/cache/store.hpp"
#include "patchead/core/error.hpp"
#include "patchead/plan/sweep_plan.hpp"

/// \file
/// \brief Reading the artifacts a unit needs. Private to the pipeline layer.

namespace patchead::inline pipeline_detail {

/// What `read` gives; an artifact that cannot be read is set aside and the error says so.
template <class Read>
auto read_or_quarantine(const Store& store, const ArtifactKey& key, const Read& read) {
    try {
        return read();
    } catch (const CacheError& error) {
        if (!store.contains(key)) { throw; }
        const auto aside = store.quarantine(key);
        throw CacheError(concat(error.what(), " [set aside as '", aside.filename().string(),
                                "'; run the same command again]"));
    }
}

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
