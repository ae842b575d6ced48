#pragma once

#include <optional>
#include <vector>

#include <ATen/core/Tensor.h>

#include "compute_place.hpp"
#include "tensor_encoding.hpp"
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

struct Linear {
    at::Tensor weight;  ///< [out, in]
    at::Tensor bias;    ///< [out]
};

struct LayerNorm {
    at::Tensor weight;  ///< [dim]
    at::Tensor bias;    ///< [dim]
    double eps = 0;
};

struct Block {
    LayerNorm norm1;
    Linear qkv;  ///< Queries (scaled), keys, values, each [dim, dim] with heads one after another.
    Linear proj;
    LayerNorm norm2;
    Linear fc1;                      ///< With `gated`: gates, then values, [2 * hidden, dim].
    std::optional<LayerNorm> gated;  ///< SwiGLU instead of GELU, with this norm after it.
    Linear fc2;
};

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
    at::Tensor prefix;   ///< [n, dim]: the class token with its position, then registers.
    std::optional<PositionTable> positions;
    std::optional<Rotary> rotary;
    std::optional<BiasTables> biases;
    std::optional<LayerNorm> pre_norm;
    std::vector<Block> blocks;
    std::optional<LayerNorm> norm;
    std::optional<Linear> projection;  ///< After the norm, to [out].

    /// Channels of a patch embedding.
    [[nodiscard]] int output_dim() const;
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

/// Patch embeddings after norm and projection, if there are any, and the last block's attention.
/// Shape: `images[B, 3, rows * patch_px, cols * patch_px]`, in place and format of the weights.
/// Cost: beside the tokens, memory for scores as attention.hpp says.
[[nodiscard]] TensorEncoding forward(const Vit& vit, const GridTables& tables,
                                     const at::Tensor& images, Work work);

}  // namespace patchead::inline backbone_detail
