#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "extremes.hpp"
#include "patchead/core/options.hpp"
#include "patchead/core/types.hpp"

/// \file
/// \brief The matrix product of two images, never held as a whole.

namespace patchead {

/// Scales every patch of `block` to unit length: norm and quotient in double, stored as float32.
/// A zero vector stays zero. Threads: those of OpenMP.
/// Throws DataError that names the image if a value is not finite.
void normalise(FeatureBlock& block);

/// Multiplies pairs of images tile by tile. One per thread: it owns the tile.
class PairProduct {
  public:
    /// Images of `patches` patches of `dim` channels.
    PairProduct(std::size_t patches, std::size_t dim, Reduce reduce);

    /// Extremes of `left right^T`: over each row into `by_row`, over each column into `by_col`.
    /// Shapes: `left[L, D]`, `right[L, D]`, `by_row[L]`, `by_col[L]`; one of the last two may be
    /// empty, and is then not computed.
    void run(std::span<const float> left, std::span<const float> right, std::span<float> by_row,
             std::span<float> by_col);

  private:
    Tile multiply(std::span<const float> left, std::span<const float> right);

    std::size_t patches_;
    std::size_t dim_;
    Reduce reduce_;
    std::vector<float> tile_;
};

}  // namespace patchead
