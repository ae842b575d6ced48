#pragma once

#include <vector>

#include <ATen/core/Tensor.h>

#include "positions.hpp"

/// \file
/// \brief The vision transformer that all families share.
///
/// Source: Dosovitskiy et al., "An Image is Worth 16x16 Words", 2021, Eqs. (1)-(4), pre-norm.
/// What is constant per channel is folded into the weights when they are loaded: the scale
/// 1/sqrt(d) of the scores into the query's rows, LayerScale into the last matrix of its branch.

namespace patchead {

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
    Linear fc1;
    Linear fc2;
};

/// A network with its weights. Nothing in it changes once it is loaded.
struct Vit {
    int patch_px = 0;
    int dim = 0;
    int heads = 0;
    Linear patch_embed;  ///< [dim, 3 * patch_px * patch_px]
    at::Tensor prefix;   ///< [n, dim]: the class token with its position, then registers.
    PositionTable positions;
    std::vector<Block> blocks;
    LayerNorm norm;
};

/// What depends on the image's size only.
struct GridTables {
    Grid grid;
    at::Tensor offsets;  ///< [L, dim]: what is added to each patch, bias and position.
};

[[nodiscard]] GridTables make_tables(const Vit& vit, Grid grid);

struct VitOutput {
    at::Tensor tokens;     ///< [B, L, dim], after the final norm.
    at::Tensor attention;  ///< [B, heads, L]: the last block's class token over patches.
};

/// Shape: `images[B, 3, rows * patch_px, cols * patch_px]`, on the device of the weights.
/// Cost: memory for the scores of one head of one image on a CPU, of all its heads on a GPU; never
/// for a whole batch.
[[nodiscard]] VitOutput forward(const Vit& vit, const GridTables& tables, const at::Tensor& images);

}  // namespace patchead
