#pragma once

#include <ATen/core/Tensor.h>

#include "vit/layers.hpp"

/// \file
/// \brief One query that attends to all tokens of an image and becomes its embedding.

namespace patchead::inline backbone_detail {

/// Source: Zhai et al., "Scaling Vision Transformers", 2022, Sec. 3.3 (MAP head); as in SigLIP and
/// the Perception Encoder. Query, its projection and the scale of the scores are folded together.
struct Pooling {
    at::Tensor query;  ///< [heads, d]
    Linear keys;       ///< [dim, dim]
    Linear values;
    Linear proj;
    LayerNorm norm;
    Mlp mlp;
};

struct Pooled {
    at::Tensor token;      ///< [B, dim]
    at::Tensor attention;  ///< [B, heads, N], float32.
};

/// Shape: `tokens[B, N, dim]`.
[[nodiscard]] Pooled pool(const Pooling& pooling, const at::Tensor& tokens);

}  // namespace patchead::inline backbone_detail
