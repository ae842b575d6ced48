#pragma once

#include <vector>

#include "patchead/core/images.hpp"

/// \file
/// \brief What a backbone gives of images beside patch embeddings: tokens of layers, and of the
/// whole image.

namespace patchead {

/// Tokens of some images after a number of blocks.
/// Shapes: `patches[n, grid.size(), dim]` and `prefix[n, P, dim]`: class tokens, then registers;
/// empty if there are none.
struct LayerTokens {
    int layer = 0;
    Grid grid;
    int dim = 0;
    std::vector<float> patches{};
    std::vector<float> prefix{};
};

/// The tokens before the patches of some images: class tokens, then registers.
/// Shape: `values[n, count, dim]`.
struct PrefixTokens {
    int count = 0;
    int dim = 0;
    std::vector<float> values{};
};

/// Embeddings of whole images. Shapes: `token[n, T]`, as pooling or the class token gives it, and
/// `feature[n, E]`, the same projected; empty if the network has none.
struct ImageTokens {
    std::vector<float> token{};
    std::vector<float> feature{};
};

}  // namespace patchead
