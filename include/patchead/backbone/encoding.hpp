#pragma once

#include <vector>

#include "patchead/core/token_request.hpp"
#include "patchead/core/types.hpp"

/// \file
/// \brief What one forward pass of a network gives.

namespace patchead {

/// All tokens after `layer` blocks.
/// Shapes: `patches[B, grid.size(), width]` and `prefix[B, P, width]`: class tokens, then
/// registers; `width` is the projection's in form `projected`, and the layer's own in a CNN.
struct LayerEncoding {
    int layer = 0;
    Grid grid;
    std::vector<float> patches;
    std::vector<float> prefix;
    TokenForm form = TokenForm::norm;
};

/// Embeddings of whole images; empty where the network has none.
/// Shapes: `token[B, T]`: what pooling attention gives, or the class token with the final norm, or
/// several such tokens one after another; `feature[B, E]`: the same with the projection, where
/// there is one. `attention[B, heads, rows, L]`: the softmax behind the pooling or of each class
/// token in the last block, patch columns.
struct ImageEncoding {
    std::vector<float> token;
    std::vector<float> feature;
    std::vector<float> attention;
};

/// Embeddings of all windows of `side` patches of the images, projected as those of images.
/// Shape: `values[B, grid.size(), E]`.
struct WindowEncoding {
    int side = 0;
    Grid grid;  ///< Of the windows.
    std::vector<float> values;
};

/// What a backbone made of a batch.
/// Shapes: `tokens[B, L, D]` patch embeddings as the family defines them (after the final norm if
/// it has one); `attention[B, heads, L]` the last block's softmax row of the class token, patch
/// columns, not renormalised. In a network without class token its pooling attention stands for
/// that; empty if the encoder gives none.
struct Encoding {
    Grid grid;
    int dim = 0;
    int heads = 0;
    std::vector<float> tokens;
    std::vector<float> attention;
    std::vector<LayerEncoding> layers{};    ///< As asked for, in that order.
    ImageEncoding image{};                  ///< If asked for.
    std::vector<WindowEncoding> windows{};  ///< As asked for, in that order.
};

}  // namespace patchead
