#pragma once

#include <ATen/core/Tensor.h>

namespace patchead::inline backbone_detail {

/// What a network made of images, on its device.
struct TensorEncoding {
    at::Tensor tokens;     ///< [B, L, dim]: patch embeddings.
    at::Tensor attention;  ///< [B, heads, L]: the last block's class token over patches.
};

}  // namespace patchead::inline backbone_detail
