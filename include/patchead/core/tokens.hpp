#pragma once

#include <vector>

#include "patchead/core/choices.hpp"
#include "patchead/core/images.hpp"

/// \file
/// \brief What a backbone gives of images beside patch embeddings: tokens of layers, and of the
/// whole image, and of windows.

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
    TokenForm form = TokenForm::norm;  ///< As asked for: a CNN has only one.
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

/// Embeddings of square windows of some images, one patch apart, windows in the order of their
/// grid: each is an image of its own to the network, of the image's class token and the window's
/// patches. Shape: `values[n, grid.size(), dim]`.
struct WindowTokens {
    int side = 0;  ///< In patches.
    Grid grid;     ///< Of the windows.
    int dim = 0;
    std::vector<float> values{};
};

/// How many windows of `side` patches fit into `patches`, one patch apart; none if they are wider.
[[nodiscard]] constexpr Grid window_grid(Grid patches, int side) {
    const auto along = [side](int length) { return length < side ? 0 : length - side + 1; };
    return {along(patches.rows), along(patches.cols)};
}

}  // namespace patchead
