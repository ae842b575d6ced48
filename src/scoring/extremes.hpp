#pragma once

#include <cstddef>
#include <span>

#include "patchead/core/options.hpp"

/// \file
/// \brief Row and column extremes of a tile of similarities.

namespace patchead {

/// A row-major block of a product of two images. Shape: `values[rows, cols]`.
struct Tile {
    std::span<const float> values;
    std::size_t rows;
    std::size_t cols;
};

/// What every extreme starts from: worse than any similarity.
[[nodiscard]] float worst_similarity(Reduce reduce);

/// Makes each `by_row[r]` the extreme of itself and row r, and each `by_col[c]` that of itself and
/// column c. Either may be empty; then that direction is not computed.
/// Reads the tile once. An extreme is exact, so the order of the tiles does not matter.
void fold_extremes(const Tile& tile, Reduce reduce, std::span<float> by_row,
                   std::span<float> by_col);

}  // namespace patchead
