#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <ATen/ATen.h>

#include "parts/pair_sums.hpp"
#include "patchead/core/images.hpp"

/// \file
/// \brief The nearest patches of two images in each other, for windows of several sizes at once.
/// Private to the detectors layer.
///
/// **One product for all windows.** Let a_p and b_q be the rows of two images, A_p and B_q the sums
/// of the rows in the windows around p and q. Then A_p B_q is the sum of a_p' b_q' over both
/// windows: four passes of additions over the product G of the rows, and no further product.
///
/// **Bound.** The float32 product has |G' - G| <= C 2^-24 |a| |b| (any order of the sums), the
/// additions add 4 r 2^-24 of what they sum. With S_p the sum of the |a_p'| in a window, s_p the
/// inverse of the larger of |A_p| and 1e-12, and z = s A rounded to float32,
/// v = G'_r s_p s_q is within e = (C + 64) 2^-23 (S_p s_p) (S_q s_q) of z_p z_q: a factor of two
/// for underflow and for the rounding of s, v and z (2^-22 each at most, r up to 15).
///
/// **Consequence.** Let m = (1 - |z|^2) / 2, 0 but for rows shorter than 1. Then
/// 1 - |z_p - z_q|^2 / 2 = z_p z_q + m_p + m_q, so the least distance has the largest v + m_p +
/// m_q, and no q with v + m + e below the largest v + m - e of its row can be it. The same for
/// columns.

namespace patchead::inline detectors_detail {

/// The windows of one size in an image.
struct WindowRows {
    at::Tensor unit;              ///< z. Shape: `[L, C]`, float32.
    std::vector<double> squares;  ///< |z|^2 of each.
    std::vector<float> scale;     ///< s
    std::vector<float> missing;   ///< m
    std::vector<float> slack;     ///< The root of (C + 64) 2^-23, times S s: e is a product of two.
};

/// An image as it is looked up.
struct SearchedImage {
    at::Tensor rows;                  ///< Shape: `[L, C]`, float32.
    std::vector<WindowRows> windows;  ///< One a side.
};

[[nodiscard]] SearchedImage searched_image(const at::Tensor& rows, Grid grid,
                                           const std::vector<int>& sides);

/// One per thread: it owns its products.
class PairSearch {
  public:
    PairSearch(Grid grid, std::vector<int> sides);

    /// The least distances of each patch of `left` to those of `right` into `by_row[side]`, of each
    /// of `right` to those of `left` into `by_col[side]`, which may be empty spans.
    void run(const SearchedImage& left, const SearchedImage& right,
             std::span<const std::span<float>> by_row, std::span<const std::span<float>> by_col);

  private:
    [[nodiscard]] float* row(at::Tensor& matrix, std::int64_t patch) const;
    void bound(int side, const WindowRows& left, const WindowRows& right, bool has_cols);
    void bound_windows(int side, const WindowRows& left, const ColumnTerms& cols);
    void bound_row(std::int64_t patch, const float* products, const WindowRows& left,
                   const ColumnTerms& cols);
    void settle(const WindowRows& left, const WindowRows& right);
    void settle_row(const WindowRows& left, const WindowRows& right, std::int64_t p,
                    std::int64_t begin, std::int64_t end);

    Grid grid_;
    std::int64_t patches_;
    std::vector<int> sides_;
    at::Tensor product_;  ///< Of the rows. Shape: `[L, L]`.
    at::Tensor values_;   ///< v + m. Shape: `[L, L]`.
    GridSums grid_sums_;
    std::vector<float> row_limit_;  ///< Largest v + m - e.
    std::vector<float> col_limit_;
    std::vector<double> row_least_;  ///< Squared distances.
    std::vector<double> col_least_;
};

}  // namespace patchead::inline detectors_detail
