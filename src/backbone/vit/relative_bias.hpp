#pragma once

#include <ATen/core/Tensor.h>

#include "patchead/core/types.hpp"

/// \file
/// \brief BEiT's relative position bias: a number per head and displacement, added to the scores.
///
/// A table has a row for each displacement (dy, dx) of query to key, row by row from
/// (-(rows - 1), -(cols - 1)), and then three: class token to patch, patch to class token, class
/// token to itself.
/// Source: Bao et al., "BEiT: BERT Pre-Training of Image Transformers", 2022; microsoft/unilm.

namespace patchead::inline backbone_detail {

/// How a table is brought to another grid; upstream code knows three ways.
///  * linear: between displacements spaced geometrically (timm)
///  * spline: the same with a cubic spline (unilm's fine-tuning script; square grids only there)
///  * bilinear: as a picture (transformers)
enum class BiasResize { linear, spline, bilinear };

inline constexpr int kClassTokenRows = 3;

/// Shape: `table[(2 side - 1)^2 + 3, heads]` to `[heads, (2 rows - 1) (2 cols - 1) + 3]`.
[[nodiscard]] at::Tensor resize_bias(const at::Tensor& table, int side, Grid grid,
                                     BiasResize resize);

/// The row of the grid's table for each query and key, class token first.
/// Shape: `[(1 + L) * (1 + L)]`, int64.
[[nodiscard]] at::Tensor bias_index(Grid grid);

}  // namespace patchead::inline backbone_detail
