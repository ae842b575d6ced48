#pragma once

#include <optional>
#include <vector>

#include <ATen/core/Tensor.h>

#include "compute_place.hpp"
#include "patchead/backbone/encoding.hpp"
#include "tensor_encoding.hpp"
#include "vit/block.hpp"
#include "vit/layers.hpp"
#include "vit/pooling.hpp"
#include "vit/positions.hpp"
#include "vit/relative_bias.hpp"
#include "vit/rotary.hpp"

/// \file
/// \brief The vision transformer that all families share.
///
/// Source: Dosovitskiy et al., "An Image is Worth 16x16 Words", 2021, Eqs. (1)-(4), pre-norm.
/// What is constant per channel is folded into the weights when they are loaded: the scale
/// 1/sqrt(d) of the scores into the query's rows, LayerScale into the last matrix of its branch.
/// Rotary pairs are brought to the order (i, i + d / 2) by moving rows of queries and keys alike.

namespace patchead::inline backbone_detail {

/// Relative position bias: one table for all blocks, or one each. See relative_bias.hpp.
struct BiasTables {
    std::vector<at::Tensor> tables;
    int side = 0;
    BiasResize resize = BiasResize::linear;
};

/// A network with its weights. Nothing in it changes once it is loaded.
struct Vit {
    int patch_px = 0;
    int dim = 0;
    int heads = 0;
    Linear patch_embed;  ///< [dim, 3 * patch_px * patch_px]; bias undefined if there is none.
    /// [n, dim]: class tokens with their positions, then registers; undefined if there are none.
    at::Tensor prefix;
    int class_tokens = 1;  ///< Of the prefix. Attention is that of the first, if there is one.
    std::optional<PositionTable> positions;
    std::optional<Rotary> rotary;
    std::optional<BiasTables> biases;
    std::optional<LayerNorm> pre_norm;
    std::vector<Block> blocks;
    std::optional<LayerNorm> norm;
    std::optional<Linear> projection;    ///< After the norm, to [out].
    TokenForm tokens = TokenForm::norm;  ///< Of patch embeddings.
    std::optional<Pooling> pooling;      ///< What makes the embedding of an image, if there is one.
    /// Tokens of the prefix that are the embedding of an image otherwise.
    std::vector<std::int64_t> summary{0};
    bool projects_images = true;  ///< The projection is for those embeddings, too.

    [[nodiscard]] std::int64_t prefix_size() const;
    /// Channels of a patch embedding.
    [[nodiscard]] int output_dim() const;
    /// Heads of the attention that comes with patch embeddings; 0 if none does.
    [[nodiscard]] int attention_heads() const;
    /// Whether some of an image's patches make an image: a class token stands for it, and patches
    /// know their places by what is added to them.
    [[nodiscard]] bool has_windows() const;
};

/// What depends on the image's size only.
struct GridTables {
    Grid grid;
    at::Tensor offsets;              ///< [L, dim]: what is added to each patch, bias and position.
    Rotation rotation;               ///< Undefined without rotary positions.
    std::vector<at::Tensor> biases;  ///< [heads, displacements]: none, one, or one for each block.
    at::Tensor bias_index;           ///< [(1 + L)^2]
};

[[nodiscard]] GridTables make_tables(const Vit& vit, Grid grid);

/// Copies in another place and number format; what is computed once for each grid (positions,
/// angles, biases) keeps its format until then.
[[nodiscard]] Vit converted(Vit vit, c10::Device device, c10::ScalarType type);
[[nodiscard]] GridTables converted(GridTables tables, c10::Device device, c10::ScalarType type);

/// Patch embeddings, the last block's attention and what is asked for.
/// Shape: `images[B, 3, rows * patch_px, cols * patch_px]`, in place and format of the weights.
/// Cost: beside the tokens, memory for scores as attention.hpp says.
[[nodiscard]] TensorEncoding forward(const Vit& vit, const GridTables& tables,
                                     const at::Tensor& images, const TokenRequest& request,
                                     Work work);

}  // namespace patchead::inline backbone_detail
