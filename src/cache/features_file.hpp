#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "h5/h5.hpp"
#include "patchead/cache/store.hpp"

/// \file
/// \brief Data sets of a feature artifact: /embeddings [n, L, D], /attention [n, L], /ids [n], and
/// tokens as tokens_file.hpp has them. Private to the cache layer; Failure as in h5.hpp.

namespace patchead::inline cache_detail {

/// Rows of a block; nothing: all.
using Rows = std::optional<std::span<const std::size_t>>;

/// Writes the images `ids`, which come in parts. Throws CacheError that names `path`, the image and
/// the value if a number is not finite or does not fit `type`, or if the sizes of the parts
/// contradict each other or `tokens`.
void write_features(hid_t root, const std::vector<std::string>& ids, const FeatureParts& next,
                    CacheType type, const TokenRequest& tokens, const std::filesystem::path& path);

/// Images `rows` in that order, without tokens.
[[nodiscard]] FeatureBlock parse_features(hid_t root, Rows rows);
/// The same with these tokens.
[[nodiscard]] FeatureBlock parse_features(hid_t root, Rows rows, const TokenRequest& tokens);
/// The same with the patches of a layer as embeddings.
[[nodiscard]] FeatureBlock parse_layer(hid_t root, Rows rows, const TokenLayer& layer);

/// Tokens of images `rows`.
[[nodiscard]] PrefixTokens parse_prefix(hid_t root, std::span<const std::size_t> rows,
                                        const TokenLayer& layer);
[[nodiscard]] ImageTokens parse_image(hid_t root, std::span<const std::size_t> rows);
[[nodiscard]] WindowTokens parse_windows(hid_t root, std::span<const std::size_t> rows, int side);

/// Shape: `[n, L]`; empty if the backbone gives none.
[[nodiscard]] std::vector<float> parse_attention(hid_t root);

}  // namespace patchead::inline cache_detail
