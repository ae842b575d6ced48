#pragma once

#include <ATen/core/Tensor.h>

#include "patchead/core/types.hpp"

namespace patchead::inline backbone_detail {

/// How upstream brings a table of position embeddings to another grid. All with half-pixel
/// centres (align_corners = false), as torch.nn.functional.interpolate.
struct PositionResize {
    enum class Filter { bicubic, bicubic_antialias, bilinear, bilinear_antialias };

    Filter filter = Filter::bicubic;
    /// Added to the new grid's sides when the scale is computed: positions are sampled
    /// `side / (new side + offset)` apart. Zero but for plain DINOv2.
    double offset = 0;
    /// To the square that holds the grid, of which the grid is the upper left part.
    bool to_square = false;
};

/// Absolute position embeddings of the patches of a square training grid.
struct PositionTable {
    at::Tensor patches;  ///< [side * side, dim]; row by row.
    int side = 0;
    PositionResize resize;

    /// Embeddings for another grid, in `[rows * cols, dim]`; the table itself for its own grid.
    [[nodiscard]] at::Tensor at_grid(Grid grid) const;
};

}  // namespace patchead::inline backbone_detail
