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
    at::Tensor mixed;  ///< [B, N, dim]: softmax(q k^T [+ bias]) v.
    /// [B, rows, heads, L], float32: the softmax of the first tokens, patch columns.
    at::Tensor class_rows;
};

/// `class_rows` has the rows of the first `rows` tokens, which are class tokens; it is undefined if
/// that is 0. A row's numbers do not depend on how many there are. Turns queries and keys in place.
/// Cost: memory for the scores of one head (`by_head`); for those of all heads of the batch
/// (`at_once`), unless LibTorch has fused attention.
[[nodiscard]] Attended attend(const AttentionInput& input, Work work, int rows);

}  // namespace patchead::inline backbone_detail
