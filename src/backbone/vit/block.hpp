#pragma once

#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

#include "compute_place.hpp"
#include "vit/attention.hpp"
#include "vit/layers.hpp"

/// \file
/// \brief A block of a transformer, of images or of texts.

namespace patchead::inline backbone_detail {

struct Block {
    LayerNorm norm1;
    Linear qkv;  ///< Queries (scaled), keys, values, each [dim, dim] with heads one after another.
    Linear proj;
    LayerNorm norm2;
    Mlp mlp;
};

/// `x += Attention(LN(x))`. `input` is complete but for its `qkv`; `rows` as `attend` has them.
/// Shape: `x[B, N, dim]`.
Attended add_attention(at::Tensor& x, const Block& block, AttentionInput input, Work work,
                       int rows);

/// `x += MLP(LN(x))`. Shape: `x[B, N, dim]`.
void add_mlp(at::Tensor& x, const Block& block);

/// A copy in another place and number format.
[[nodiscard]] Block converted(Block block, c10::Device device, c10::ScalarType type);

/// Calls `change` with each tensor.
template <class Change>
void for_each_of_mlp(Mlp& mlp, const Change& change) {
    for (auto* linear : {&mlp.fc1, &mlp.fc2}) {
        change(linear->weight);
        change(linear->bias);
    }
    if (!mlp.inner_norm) { return; }
    change(mlp.inner_norm->weight);
    change(mlp.inner_norm->bias);
}

}  // namespace patchead::inline backbone_detail
