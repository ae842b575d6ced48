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
      sums_(at::empty_like(product_)),
      grid_sums_(grid) {}

float* PairSearch::row(at::Tensor& matrix, std::int64_t patch) const {
    return matrix.data_ptr<float>() + patch * patches_;
}

void PairSearch::run(const SearchedImage& left, const SearchedImage& right,
                     std::span<const std::span<float>> by_row,
                     std::span<const std::span<float>> by_col) {
    at::mm_out(product_, left.rows, right.rows.t());
    for (std::size_t s = 0; s < sides_.size(); ++s) {
        sum_windows(sides_[s]);
        bound(left.windows[s], right.windows[s], !by_col[s].empty());
        settle(left.windows[s], right.windows[s]);
        take_roots(row_least_, by_row[s]);
        take_roots(col_least_, by_col[s]);
    }
}

/// The product of the window sums, from that of the rows, into `values_`.
void PairSearch::sum_windows(int side) {
    if (side == 1) {
        values_.copy_(product_);
        return;
    }
    const std::int64_t half = side / 2;
    const std::int64_t cols = grid_.cols;
    for (std::int64_t p = 0; p < patches_; ++p) {
        grid_sums_.sum_around(row(product_, p), half, row(values_, p));
    }
    // Row p of `to` from those around it along one axis of the grid, where it has place `place`.
    const auto sum_rows_around = [&](at::Tensor& from, at::Tensor& to, std::int64_t p,
                                     std::int64_t place, std::int64_t size, std::int64_t step) {
        const auto first = std::max<std::int64_t>(place - half, 0);
        const auto last = std::min(place + half, size - 1);
        sum_strided(row(from, p + (first - place) * step), step * patches_, last - first + 1,
                    row(to, p), patches_);
    };
    for (std::int64_t p = 0; p < patches_; ++p) {
        sum_rows_around(values_, sums_, p, p % cols, cols, 1);
    }
    for (std::int64_t x = 0; x < cols; ++x) {  // Down each column: its rows are still in the cache.
        for (std::int64_t y = 0; y < grid_.rows; ++y) {
            sum_rows_around(sums_, values_, y * cols + x, y, grid_.rows, cols);
        }
    }
}

/// `values_` become v + m, and the limits what they say.
void PairSearch::bound(const WindowRows& left, const WindowRows& right, bool has_cols) {
    row_limit_.assign(left.scale.size(), -kNoLimit);
    col_limit_.assign(right.scale.size(), has_cols ? -kNoLimit : kNoLimit);
    const ColumnTerms cols{right.scale.data(), right.missing.data(), right.slack.data(), patches_};
    for (std::int64_t p = 0; p < patches_; ++p) {
        const auto i = static_cast<std::size_t>(p);
        row_limit_[i] =
            scale_and_bound(row(values_, p), {left.scale[i], left.missing[i], left.slack[i]}, cols,
                            col_limit_.data());
    }
}

void PairSearch::settle(const WindowRows& left, const WindowRows& right) {
    constexpr std::int64_t kChunk = 64;  // Most have no candidate, and are left at a glance.
    row_least_.assign(left.scale.size(), kNoDistance);
    col_least_.assign(right.scale.size(), kNoDistance);
    for (std::int64_t p = 0; p < patches_; ++p) {
        const auto i = static_cast<std::size_t>(p);
        for (std::int64_t q = 0; q < patches_; q += kChunk) {
            const auto end = std::min(q + kChunk, patches_);
            if (any_within(row(values_, p) + q, left.slack[i], right.slack.data() + q,
                           row_limit_[i], col_limit_.data() + q, end - q)) {
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
