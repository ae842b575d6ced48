#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "patchead/core/images.hpp"
#include "patchead/core/tokens.hpp"

/// \file
/// \brief Features, similarities, scores and metrics: what comes out of a backbone and after it.

namespace patchead {

/// What a backbone made of some images.
///
/// Shapes: `embeddings[n, L, D]` and `attention[n, L]`, with n images in the order of `ids`,
/// L = grid.size() patches row by row, and D = dim channels.
/// Units: activations as the network gave them, not normalised; attention is the mean over heads
/// of the last block's softmax row of the class token, patch columns only, not renormalised. It is
/// empty for a backbone that gives none. Rows of one id are versions of one image.
/// Images whose patches do not fill the grid lie in its upper left corner; the rest repeats the
/// first patch, so that no extreme over patches depends on it.
struct FeatureBlock {
    Grid grid;
    int dim = 0;
    std::vector<std::string> ids;
    std::vector<float> embeddings;
    std::vector<float> attention;
    std::vector<Version> versions{};      ///< Of each row; empty: all are originals.
    std::vector<LayerTokens> layers{};    ///< As asked for, in that order.
    ImageTokens image_tokens{};           ///< If asked for.
    std::vector<WindowTokens> windows{};  ///< As asked for, ascending.

    [[nodiscard]] std::size_t images() const { return ids.size(); }
    [[nodiscard]] Version version(std::size_t row) const {
        return versions.empty() ? Version::original : versions[row];
    }
    /// Embeddings of image `image`. Shape: `[L, D]`.
    [[nodiscard]] std::span<const float> embedding(std::size_t image) const {
        const auto size = static_cast<std::size_t>(grid.size()) * static_cast<std::size_t>(dim);
        return std::span(embeddings).subspan(image * size, size);
    }
    /// Attention of image `image`. Shape: `[L]`.
    [[nodiscard]] std::span<const float> attention_of(std::size_t image) const {
        const auto size = static_cast<std::size_t>(grid.size());
        return std::span(attention).subspan(image * size, size);
    }
};

/// Calls `visit(values...)` with each list of numbers of which every image of a block has an equal
/// share, and those like it of other blocks of the same layers and windows.
template <class Visit, class First, class... Others>
void for_each_values(const Visit& visit, First& first, Others&... others) {
    visit(first.embeddings, others.embeddings...);
    visit(first.attention, others.attention...);
    for (std::size_t i = 0; i < first.layers.size(); ++i) {
        visit(first.layers[i].patches, others.layers[i].patches...);
        visit(first.layers[i].prefix, others.layers[i].prefix...);
    }
    visit(first.image_tokens.token, others.image_tokens.token...);
    visit(first.image_tokens.feature, others.image_tokens.feature...);
    for (std::size_t i = 0; i < first.windows.size(); ++i) {
        visit(first.windows[i].values, others.windows[i].values...);
    }
}

/// A block of no images with the grid, channels, layers and windows of `block`.
[[nodiscard]] inline FeatureBlock without_images(const FeatureBlock& block) {
    FeatureBlock none{block.grid, block.dim, {}, {}, {}};
    for (const auto& layer : block.layers) {
        none.layers.push_back({layer.layer, layer.grid, layer.dim, {}, {}, layer.form});
    }
    for (const auto& windows : block.windows) {
        none.windows.push_back({windows.side, windows.grid, windows.dim});
    }
    return none;
}

/// Similarity of every patch of some query images to each of some reference images.
///
/// Shape: `similarity[q, r, L]`: for patch l of query q, the extreme cosine over all patches of
/// reference r: the largest one (`nearest`, readings A and B) or the smallest one (`farthest`,
/// readings C and D). Where query and reference are the same image, in whatever version, the entry
/// is NaN and is never read. Everything later (shots, K_P, rho, readings, masking) is a reduction
/// of this value.
struct MatchTensor {
    Grid grid;
    std::vector<std::string> query_ids;
    std::vector<std::string> reference_ids;
    std::vector<float> similarity;
    std::vector<Version> query_versions{};      ///< Of each query; empty: all are originals.
    std::vector<Version> reference_versions{};  ///< Of each reference; empty: all are originals.

    [[nodiscard]] Version version_of_query(std::size_t query) const {
        return query_versions.empty() ? Version::original : query_versions[query];
    }
    [[nodiscard]] Version version_of_reference(std::size_t reference) const {
        return reference_versions.empty() ? Version::original : reference_versions[reference];
    }

    /// Shape: `[L]`.
    [[nodiscard]] std::span<const float> row(std::size_t query, std::size_t reference) const {
        const auto size = static_cast<std::size_t>(grid.size());
        return std::span(similarity)
            .subspan((query * reference_ids.size() + reference) * size, size);
    }
};

/// Anomaly scores of some images. Higher is more anomalous.
/// Shapes: `patches[n, L]` (m of the paper's Eq. (3)) and `images[n]` (S of Eq. (4)).
struct PatchScores {
    Grid grid;
    std::vector<std::string> ids;
    std::vector<float> patches;
    std::vector<float> images;
    /// Of each image, in the upper left corner of the grid: patches beyond its own say nothing.
    /// Empty: the patches of all images cover the whole image and fill the grid.
    std::vector<InputShape> shapes{};

    /// Shape: `[L]`.
    [[nodiscard]] std::span<const float> of(std::size_t image) const {
        const auto size = static_cast<std::size_t>(grid.size());
        return std::span(patches).subspan(image * size, size);
    }
};

/// A metric's value: a fraction in [0, 1], or NaN with the reason why it is undefined.
struct MetricValue {
    std::string name;
    double value = 0;
    std::string reason;  ///< Empty unless the value is NaN.
    /// Of a metric that is a mean over images: its value of each, NaN where undefined; else empty.
    std::vector<double> images{};
};

/// All metrics of one ablation point on one category, in the order in which they were asked for.
using MetricSet = std::vector<MetricValue>;

}  // namespace patchead
