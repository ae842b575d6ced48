#pragma once

#include <ATen/core/Tensor.h>

#include "vit/vit.hpp"

/// \file
/// \brief The embedding of an image, or of some of its patches, that a class token gives.

namespace patchead::inline backbone_detail {

/// The tokens of `vit.summary` with the final norm, side by side. Shape: `x[B, N, dim]` to `[B,
/// T]`.
[[nodiscard]] at::Tensor summary_token(const Vit& vit, const at::Tensor& x);

/// With the projection, if there is one for images. Shape: `token[B, T]` to `[B, E]`.
[[nodiscard]] at::Tensor projected_image(const Vit& vit, const at::Tensor& token);

}  // namespace patchead::inline backbone_detail
