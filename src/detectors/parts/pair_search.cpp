#include "parts/pair_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "parts/exact_dot.hpp"
#include "parts/neighbourhood.hpp"

namespace patchead::inline detectors_detail {
namespace {

constexpr float kNoLimit = std::numeric_limits<float>::infinity();
constexpr double kNoDistance = std::numeric_limits<double>::infinity();

/// Sums of the lengths of the rows in windows.
std::vector<float> length_sums(const at::Tensor& rows, Grid grid, int side) {
    const auto channels = rows.size(1);
    std::vector<float> lengths;
    for (std::int64_t p = 0; p < rows.size(0); ++p) {
        const auto* const patch = rows.data_ptr<float>() + p * channels;
        lengths.push_back(static_cast<float>(std::sqrt(exact_dot(patch, patch, channels))));
    }
    std::vector<float> sums(lengths.size());
    GridSums(grid).sum_around(lengths.data(), side / 2, sums.data());
    return sums;
}

WindowRows window_rows(const at::Tensor& rows, Grid grid, int side) {
    const auto unit = unit_windows(rows, grid, side);
    const auto sums = length_sums(rows, grid, side);
    const auto channels = rows.size(1);
    const double error = std::sqrt(std::ldexp(static_cast<double>(channels + 64), -23));
    WindowRows windows;
    windows.unit = unit.rows;
    for (std::size_t p = 0; p < sums.size(); ++p) {
        const auto* const patch =
            unit.rows.data_ptr<float>() + static_cast<std::int64_t>(p) * channels;
        windows.squares.push_back(exact_dot(patch, patch, channels));
        windows.missing.push_back(static_cast<float>((1 - windows.squares.back()) / 2));
        windows.scale.push_back(static_cast<float>(unit.scales[p]));
        windows.slack.push_back(
            static_cast<float>(error * static_cast<double>(sums[p]) * unit.scales[p]));
    }
    return windows;
}

/// The last few of a sequence of rows.
class RowRing {
  public:
    RowRing(std::int64_t rows, std::int64_t size)
        : rows_(rows), size_(size), values_(static_cast<std::size_t>(rows * size)) {}

    /// Room for row `place`, filled with zeros, in place of the oldest one.
    [[nodiscard]] float* renew(std::int64_t place) {
        float* const row = values_.data() + (place % rows_ + rows_) % rows_ * size_;
        std::fill_n(row, size_, 0.0F);
        return row;
    }
    void sum(float* to) const { sum_strided(values_.data(), size_, rows_, to, size_); }

  private:
    std::int64_t rows_;
    std::int64_t size_;
    std::vector<float> values_;
};

void take_roots(const std::vector<double>& squares, std::span<float> distances) {
    for (std::size_t p = 0; p < distances.size(); ++p) {
        distances[p] = static_cast<float>(std::sqrt(squares[p]));
    }
}

}  // namespace

SearchedImage searched_image(const at::Tensor& rows, Grid grid, const std::vector<int>& sides) {
    SearchedImage image{rows, {}};
    for (const int side : sides) { image.windows.push_back(window_rows(rows, grid, side)); }
    return image;
}

PairSearch::PairSearch(Grid grid, std::vector<int> sides)
    : grid_(grid),
      patches_(grid.size()),
      sides_(std::move(sides)),
      product_(at::empty({patches_, patches_}, at::kFloat)),
      values_(at::empty_like(product_)),
      grid_sums_(grid) {}

float* PairSearch::row(at::Tensor& matrix, std::int64_t patch) const {
    return matrix.data_ptr<float>() + patch * patches_;
}

void PairSearch::run(const SearchedImage& left, const SearchedImage& right,
                     std::span<const std::span<float>> by_row,
                     std::span<const std::span<float>> by_col) {
    at::mm_out(product_, left.rows, right.rows.t());
    for (std::size_t s = 0; s < sides_.size(); ++s) {
        bound(sides_[s], left.windows[s], right.windows[s], !by_col[s].empty());
        settle(left.windows[s], right.windows[s]);
        take_roots(row_least_, by_row[s]);
        take_roots(col_least_, by_col[s]);
    }
}

/// `values_` become v + m, and the limits what they say.
void PairSearch::bound(int side, const WindowRows& left, const WindowRows& right, bool has_cols) {
    row_limit_.assign(left.scale.size(), -kNoLimit);
    col_limit_.assign(right.scale.size(), has_cols ? -kNoLimit : kNoLimit);
    const ColumnTerms cols{right.scale.data(), right.missing.data(), right.slack.data(), patches_};
    if (side > 1) {
        bound_windows(side, left, cols);
        return;
    }
    for (std::int64_t p = 0; p < patches_; ++p) { bound_row(p, row(product_, p), left, cols); }
}

/// Sums the product over windows of columns, then of rows, a row of the grid at a time: what is
/// held of it stays in a cache.
void PairSearch::bound_windows(int side, const WindowRows& left, const ColumnTerms& cols) {
    const std::int64_t half = side / 2;
    const std::int64_t width = grid_.cols;
    const std::int64_t above = std::min<std::int64_t>(half, grid_.rows - 1);
    RowRing ring(2 * above + 1, width * patches_);
    const auto take = [&](std::int64_t y) {  // Beyond the border lie zeros.
        float* const to = ring.renew(y);
        for (std::int64_t x = 0; y >= 0 && y < grid_.rows && x < width; ++x) {
            grid_sums_.sum_around(row(product_, y * width + x), half, to + x * patches_);
        }
    };
    std::vector<float> down(static_cast<std::size_t>(width * patches_));
    std::vector<float> window(static_cast<std::size_t>(patches_));
    for (std::int64_t y = -above; y < above; ++y) { take(y); }
    for (std::int64_t y = 0; y < grid_.rows; ++y) {
        take(y + above);
        ring.sum(down.data());
        for (std::int64_t x = 0; x < width; ++x) {
            const auto first = std::max<std::int64_t>(x - half, 0);
            const auto last = std::min(x + half, width - 1);
            sum_strided(down.data() + first * patches_, patches_, last - first + 1, window.data(),
                        patches_);
            bound_row(y * width + x, window.data(), left, cols);
        }
    }
}

void PairSearch::bound_row(std::int64_t patch, const float* products, const WindowRows& left,
                           const ColumnTerms& cols) {
    const auto i = static_cast<std::size_t>(patch);
    row_limit_[i] = scale_and_bound(products, {left.scale[i], left.missing[i], left.slack[i]}, cols,
                                    row(values_, patch), col_limit_.data());
}

void PairSearch::settle(const WindowRows& left, const WindowRows& right) {
    constexpr std::int64_t kChunk = 64;  // Most have no candidate, and are left at a glance.
    row_least_.assign(left.scale.size(), kNoDistance);
    col_least_.assign(right.scale.size(), kNoDistance);
    for (std::int64_t p = 0; p < patches_; ++p) {
        const auto i = static_cast<std::size_t>(p);
        const auto* const values = row(values_, p);
        for (std::int64_t q = 0; q < patches_; q += kChunk) {
            const auto end = std::min(q + kChunk, patches_);
            if (any_within(values + q, left.slack[i], right.slack.data() + q, row_limit_[i],
                           col_limit_.data() + q, end - q)) {
                settle_row(left, right, p, q, end);
            }
        }
    }
}

/// The distances of patch p to the candidates among [begin, end).
void PairSearch::settle_row(const WindowRows& left, const WindowRows& right, std::int64_t p,
                            std::int64_t begin, std::int64_t end) {
    const auto i = static_cast<std::size_t>(p);
    const auto channels = left.unit.size(1);
    const auto* const a = left.unit.data_ptr<float>() + p * channels;
    const auto* const b = right.unit.data_ptr<float>();
    const auto* const values = row(values_, p);
    for (std::int64_t q = begin; q < end; ++q) {
        const auto j = static_cast<std::size_t>(q);
        const float highest = values[q] + left.slack[i] * right.slack[j];
        if (highest < row_limit_[i] && highest < col_limit_[j]) { continue; }
        const double dot = exact_dot(a, b + q * channels, channels);
        const double squared = std::max(left.squares[i] + right.squares[j] - 2 * dot, 0.0);
        row_least_[i] = std::min(row_least_[i], squared);
        col_least_[j] = std::min(col_least_[j], squared);
    }
}

}  // namespace patchead::inline detectors_detail
