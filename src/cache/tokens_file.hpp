#pragma once

#include <cstddef>
#include <filesystem>
#include <list>
#include <span>
#include <vector>

#include "feature_values.hpp"
#include "h5/h5.hpp"
#include "patchead/core/blocks.hpp"
#include "patchead/core/token_request.hpp"

/// \file
/// \brief Tokens of a feature artifact beside its embeddings: /layers/<layer>/patches [n, L, D]
/// with the attributes grid_rows and grid_cols, /layers/<layer>/prefix [n, P, D], /image/token [n,
/// T] and /image/feature [n, E], /windows/<side>/values [n, W, E] with the grid of the W windows.
/// A layer is called "6"; in an artifact with layers of several forms, "6.raw".
/// Private to the cache layer; Failure as in h5.hpp.

namespace patchead::inline cache_detail {

/// Writes the tokens of a block that comes in parts: patches part by part, the few others at the
/// end.
class TokenWriter {
  public:
    /// `first` is the first part of `images` images. Throws CacheError that names `path` if it has
    /// other tokens than `tokens`.
    TokenWriter(hid_t root, const FeatureBlock& first, const TokenRequest& tokens,
                std::size_t images, CacheType type, std::filesystem::path path);

    /// Throws CacheError that names file, image and value if one is not finite or does not fit the
    /// type, or if sizes contradict each other.
    void append(const FeatureBlock& part);
    void finish();

  private:
    struct Layer {
        h5::Group group;
        ValueWriter patches;
        std::size_t patch_values;  ///< Of an image.
        std::vector<float> prefix;
        int dim;
    };

    void require_whole(const FeatureBlock& part) const;
    void append_few(std::span<const float> values, const FeatureBlock& part, const char* what,
                    std::vector<float>& to) const;
    void require_few(std::span<const float> values) const;
    void start_windows(const FeatureBlock& first);
    void append_windows(const FeatureBlock& part);

    hid_t root_;
    std::size_t images_;
    CacheType type_;
    std::filesystem::path path_;
    std::list<Layer> layers_;
    ImageTokens image_;
    std::list<ValueWriter> windows_;
    std::vector<std::size_t> window_values_;  ///< Of an image.
};

/// Tokens of images `rows`, in that order, of a block of `images` images.
[[nodiscard]] LayerTokens parse_layer_tokens(hid_t root, const TokenLayer& layer,
                                             std::size_t images, std::span<const std::size_t> rows);
/// The same without those before the patches.
[[nodiscard]] LayerTokens parse_layer_patches(hid_t root, const TokenLayer& layer,
                                              std::size_t images,
                                              std::span<const std::size_t> rows);
/// Those before the patches.
[[nodiscard]] PrefixTokens parse_prefix_tokens(hid_t root, const TokenLayer& layer,
                                               std::size_t images,
                                               std::span<const std::size_t> rows);
/// Embeddings of their windows.
[[nodiscard]] WindowTokens parse_window_tokens(hid_t root, int side, std::size_t images,
                                               std::span<const std::size_t> rows);
[[nodiscard]] ImageTokens parse_image_tokens(hid_t root, std::size_t images,
                                             std::span<const std::size_t> rows);

}  // namespace patchead::inline cache_detail
