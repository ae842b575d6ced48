#include "parts/neighbourhood.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "parts/exact_dot.hpp"
#include "parts/maps.hpp"
#include "patchead/core/vectorised.hpp"

namespace patchead::inline detectors_detail {
namespace {

PATCHEAD_VECTORISED
double sum_of(const float* values, std::int64_t size) {
    constexpr std::int64_t kLanes = 32;
    std::array<double, kLanes> lanes{};
    for (std::int64_t i = 0; i < size; ++i) {
        lanes[static_cast<std::size_t>(i % kLanes)] += static_cast<double>(values[i]);
    }
    double sum = 0;
    for (const double lane : lanes) { sum += lane; }
    return sum;
}

template <class Value>
inline void add_to(double* sums, const Value* values, std::int64_t size) {
    for (std::int64_t i = 0; i < size; ++i) { sums[i] += static_cast<double>(values[i]); }
}

/// What is held of an image while its windows are summed, one row of the grid at a time: little
/// enough for a cache.
struct WindowScratch {
    std::vector<double> down;  ///< Sums over rows of the grid. Shape: `[cols, C]`.
    std::vector<double> sums;  ///< Then over columns.
};

/// The windows around row `y` of the grid into `scratch.sums`. Shape: `rows[L, C]`.
PATCHEAD_VECTORISED
void sum_grid_row(const float* rows, Grid grid, std::int64_t channels, std::int64_t half,
                  std::int64_t y, WindowScratch& scratch) {
    const std::int64_t cols = grid.cols;
    const std::int64_t width = cols * channels;
    scratch.down.assign(static_cast<std::size_t>(width), 0);
    scratch.sums.assign(static_cast<std::size_t>(width), 0);
    double* const down = scratch.down.data();
    double* const sums = scratch.sums.data();
    const auto bottom = std::min<std::int64_t>(y + half, grid.rows - 1);
    for (auto from = std::max<std::int64_t>(y - half, 0); from <= bottom; ++from) {
        add_to(down, rows + from * width, width);
    }
    for (std::int64_t x = 0; x < cols; ++x) {
        const auto right = std::min(x + half, cols - 1);
        for (auto from = std::max<std::int64_t>(x - half, 0); from <= right; ++from) {
            add_to(sums + x * channels, down + from * channels, channels);
        }
    }
}

/// Calls `take` with each patch and its window's sum, `channels` values.
template <class Take>
void for_each_window(const float* rows, Grid grid, std::int64_t channels, int side, Take take) {
    WindowScratch scratch;
    for (std::int64_t y = 0; y < grid.rows; ++y) {
        sum_grid_row(rows, grid, channels, side / 2, y, scratch);
        for (std::int64_t x = 0; x < grid.cols; ++x) {
            take(y * grid.cols + x, scratch.sums.data() + x * channels);
        }
    }
}

}  // namespace

at::Tensor joint_layer_norm(const at::Tensor& tokens) {
    const auto values = tokens.contiguous();
    auto normalised = at::empty_like(values);
    const auto size = values.size(1) * values.size(2);
    for (std::int64_t image = 0; image < values.size(0); ++image) {
        const auto* const from = values.data_ptr<float>() + image * size;
        auto* const to = normalised.data_ptr<float>() + image * size;
        const double mean = sum_of(from, size) / static_cast<double>(size);
        const double square = exact_dot(from, from, size) / static_cast<double>(size);
        const double variance = std::max(square - mean * mean, 0.0);
        const double scale = 1 / std::sqrt(variance + 1e-5);
        for (std::int64_t i = 0; i < size; ++i) {
            to[i] = static_cast<float>((static_cast<double>(from[i]) - mean) * scale);
        }
    }
    return normalised;
}

at::Tensor window_sums(const at::Tensor& rows, Grid grid, int side) {
    const auto values = rows.contiguous();
    const auto channels = values.size(2);
    auto sums = at::empty(values.sizes(), at::kDouble);
    for (std::int64_t image = 0; image < values.size(0); ++image) {
        const auto first = image * grid.size() * channels;
        auto* const to = sums.data_ptr<double>() + first;
        for_each_window(values.data_ptr<float>() + first, grid, channels, side,
                        [&](std::int64_t patch, const double* sum) {
                            std::copy_n(sum, channels, to + patch * channels);
                        });
    }
    return sums;
}

UnitWindows unit_windows(const at::Tensor& rows, Grid grid, int side) {
    const auto channels = rows.size(1);
    UnitWindows windows{at::empty_like(rows), std::vector<double>(rows.size(0))};
    auto* const unit = windows.rows.data_ptr<float>();
    for_each_window(
        rows.data_ptr<float>(), grid, channels, side, [&](std::int64_t patch, const double* sum) {
            float* const to = unit + patch * channels;
            for (std::int64_t c = 0; c < channels; ++c) { to[c] = static_cast<float>(sum[c]); }
            const double scale = 1 / std::max(std::sqrt(exact_dot(to, to, channels)), 1e-12);
            for (std::int64_t c = 0; c < channels; ++c) {
                to[c] = static_cast<float>(static_cast<double>(to[c]) * scale);
            }
            windows.scales[static_cast<std::size_t>(patch)] = scale;
        });
    return windows;
}

at::Tensor rows_on_grid(const at::Tensor& rows, Grid from, Grid to) {
    if (from == to) { return rows.to(at::kDouble); }
    const auto maps = rows.view({rows.size(0), from.rows, from.cols, -1}).permute({0, 3, 1, 2});
    return resize_maps(maps, {to.rows, to.cols}).flatten(2).transpose(1, 2).contiguous();
}

}  // namespace patchead::inline detectors_detail
