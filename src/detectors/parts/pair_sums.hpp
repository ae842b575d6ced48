#pragma once

#include <cstdint>
#include <vector>

#include "patchead/core/images.hpp"

/// \file
/// \brief The inner loops of a pair of images: sums over windows, and bounds. Private to the
/// detectors layer. No result but a rounding depends on the width of vectors.

namespace patchead::inline detectors_detail {

/// to[i] becomes the sum of from[i + k stride] over k < count. `count` is at least 1.
void sum_strided(const float* from, std::int64_t stride, std::int64_t count, float* to,
                 std::int64_t size);

/// Sums over windows of a grid.
class GridSums {
  public:
    explicit GridSums(Grid grid) : grid_(grid) {}

    /// For each patch the sum over those at most `half` away in rows and columns.
    /// Shapes: `values[L]` and `sums[L]`.
    void sum_around(const float* values, std::int64_t half, float* sums);

  private:
    Grid grid_;
    std::int64_t half_ = -1;
    std::vector<float> padded_;  ///< With a margin of `half_` zeros on all sides.
    std::vector<float> along_;   ///< Sums along the columns of `padded_`.
};

/// Of a row: its inverse length, what it lacks to length 1, and the root of its error.
struct RowTerms {
    float scale, missing, slack;
};

/// The same of all columns.
struct ColumnTerms {
    const float* scale;
    const float* missing;
    const float* slack;
    std::int64_t size;
};

/// Scales a row of products and adds what is missing. Returns the largest value less its error, and
/// raises `best_of_col` to those of the columns.
[[nodiscard]] float scale_and_bound(const float* products, const RowTerms& row,
                                    const ColumnTerms& cols, float* values, float* best_of_col);

/// Whether a value plus its error reaches the limit of the row or of its column.
[[nodiscard]] bool any_within(const float* values, float row_slack, const float* col_slack,
                              float row_limit, const float* col_limit, std::int64_t size);

}  // namespace patchead::inline detectors_detail
