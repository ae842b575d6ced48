#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

#include "compute_place.hpp"
#include "vit/rotary.hpp"

/// \file
/// \brief Multi-head attention of one block.

namespace patchead::inline backbone_detail {

/// The bias of a block in this grid; undefined if the network has none.
struct ScoreBias {
    at::Tensor table;  ///< [heads, displacements]
    at::Tensor index;  ///< [N * N]
};

/// What a block attends to.
struct AttentionInput {
    at::Tensor qkv;  ///< [B, N, 3 * dim]: queries (scaled), keys, values, heads one after another.
    std::int64_t heads = 1;
    std::int64_t prefix = 1;  ///< Tokens before the patches; the class token is the first.
    Rotation rotation;        ///< Of queries and keys of patches; undefined: none.
    ScoreBias bias;
};

struct Attended {
    at::Tensor mixed;      ///< [B, N, dim]: softmax(q k^T [+ bias]) v.
    at::Tensor class_row;  ///< [B, heads, L], float32: the class token's softmax, patch columns.
};

/// `class_row` is undefined unless it is wanted. Turns queries and keys in place.
/// Cost: memory for the scores of one head (`by_head`); for those of all heads of the batch
/// (`at_once`), unless LibTorch has fused attention.
[[nodiscard]] Attended attend(const AttentionInput& input, Work work, bool wants_class_row);

}  // namespace patchead::inline backbone_detail
