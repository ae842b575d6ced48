#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "h5/h5.hpp"
#include "patchead/cache/store.hpp"

/// \file
/// \brief Data sets of a feature artifact: /embeddings [n, L, D], /attention [n, L], /ids [n].
/// Private to the cache layer; Failure as in h5.hpp.

namespace patchead::inline cache_detail {

/// Writes the images `ids`, which come in parts. Throws CacheError that names `path`, the image and
/// the value if an embedding or an attention is not finite or does not fit `type`, or if the sizes
/// of the parts contradict each other.
void write_features(hid_t root, const std::vector<std::string>& ids, const FeatureParts& next,
                    CacheType type, const std::filesystem::path& path);

/// Images `rows` in that order, or all.
[[nodiscard]] FeatureBlock parse_features(hid_t root, Grid grid,
                                          std::optional<std::span<const std::size_t>> rows);

/// Shape: `[n, L]`; empty if the backbone gives none.
[[nodiscard]] std::vector<float> parse_attention(hid_t root);

}  // namespace patchead::inline cache_detail
