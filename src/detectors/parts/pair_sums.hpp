#pragma once

#include <cstdint>
#include <span>

#include "patchead/core/images.hpp"

/// \file
/// \brief The inner loops of a pair of images: sums over windows, and bounds. Private to the
/// detectors layer. No result but a rounding depends on the width of vectors.

namespace patchead::inline detectors_detail {

/// For each patch of a grid, the sum over the patches at most `half` away in rows and columns.
/// Shapes: `values[L]`, `along[L]` (scratch) and `sums[L]`.
void sum_around(const float* values, Grid grid, std::int64_t half, float* along, float* sums);

/// The sum of some rows of `size` values, at least one, into another one.
void sum_rows(std::span<const float* const> rows, float* sum, std::int64_t size);

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
[[nodiscard]] float scale_and_bound(float* values, const RowTerms& row, const ColumnTerms& cols,
                                    float* best_of_col);

/// Whether a value plus its error reaches the limit of the row or of its column.
[[nodiscard]] bool any_within(const float* values, float row_slack, const float* col_slack,
                              float row_limit, const float* col_limit, std::int64_t size);

}  // namespace patchead::inline detectors_detail
