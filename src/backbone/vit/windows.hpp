#pragma once

#include <ATen/core/Tensor.h>

#include "vit/vit.hpp"

/// \file
/// \brief Embeddings of windows: the network sees an image's class token and the patches of the
/// window, and of the others nothing.
///
/// Source: Jeong et al., "WinCLIP", CVPR 2023, Sec. 4.2, as zqhang/Accurate-WinCLIP-pytorch and
/// anomalib have it: tokens are taken with their positions, before the first norm. Only the tokens
/// of the window go through the blocks, which gives the numbers of a mask at a fraction of its
/// cost.

namespace patchead::inline backbone_detail {

/// Of all windows of `side` patches, one patch apart. An image's numbers do not depend on the
/// others of its batch: each goes by itself, on a CPU in products of shapes that the grid alone
/// decides. Shapes: `sequence[B, N, dim]`, what would enter the network's first norm, to `[B,
/// windows, E]`. Cost: (side^2 + prefix) tokens a window.
[[nodiscard]] at::Tensor embed_windows(const Vit& vit, const at::Tensor& sequence, Grid grid,
                                       int side);

}  // namespace patchead::inline backbone_detail
