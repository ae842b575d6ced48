#include "parts/pair_sums.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>

#include "patchead/core/vectorised.hpp"

namespace patchead::inline detectors_detail {
namespace {

constexpr std::int64_t kSumLanes = 32;

/// Written as one comparison, this compiles to a single vector instruction (std::max cannot: it
/// must return a reference).
inline float larger_of(float a, float b) { return a > b ? a : b; }

}  // namespace

PATCHEAD_VECTORISED
void sum_around(const float* values, Grid grid, std::int64_t half, float* along, float* sums) {
    const std::int64_t rows = grid.rows;
    const std::int64_t cols = grid.cols;
    const std::int64_t size = rows * cols;
    for (std::int64_t i = 0; i < size; ++i) { along[i] = values[i]; }
    for (std::int64_t step = 1; step <= half && step < cols; ++step) {
        for (std::int64_t y = 0; y < rows; ++y) {
            float* const to = along + y * cols;
            const float* const from = values + y * cols;
            for (std::int64_t x = 0; x < cols - step; ++x) { to[x] += from[x + step]; }
            for (std::int64_t x = step; x < cols; ++x) { to[x] += from[x - step]; }
        }
    }
    for (std::int64_t i = 0; i < size; ++i) { sums[i] = along[i]; }
    for (std::int64_t step = 1; step <= half && step < rows; ++step) {
        const std::int64_t shift = step * cols;
        for (std::int64_t i = 0; i < size - shift; ++i) { sums[i] += along[i + shift]; }
        for (std::int64_t i = shift; i < size; ++i) { sums[i] += along[i - shift]; }
    }
}

PATCHEAD_VECTORISED
void sum_rows(std::span<const float* const> rows, float* sum, std::int64_t size) {
    constexpr std::int64_t kBlock = 1024;  // Stays in the first-level cache.
    for (std::int64_t begin = 0; begin < size; begin += kBlock) {
        const auto count = std::min(kBlock, size - begin);
        float* const to = sum + begin;
        const float* const first = rows[0] + begin;
        for (std::int64_t i = 0; i < count; ++i) { to[i] = first[i]; }
        for (std::size_t r = 1; r < rows.size(); ++r) {
            const float* const from = rows[r] + begin;
            for (std::int64_t i = 0; i < count; ++i) { to[i] += from[i]; }
        }
    }
}

PATCHEAD_VECTORISED
float scale_and_bound(float* values, const RowTerms& row, const ColumnTerms& cols,
                      float* best_of_col) {
    std::array<float, kSumLanes> lanes;
    lanes.fill(-std::numeric_limits<float>::infinity());
    const auto bounded = [&](std::int64_t i) {
        const float value = values[i] * row.scale * cols.scale[i] + (row.missing + cols.missing[i]);
        values[i] = value;
        const float lowest = value - row.slack * cols.slack[i];
        best_of_col[i] = larger_of(best_of_col[i], lowest);
        return lowest;
    };
    const std::int64_t whole = cols.size - cols.size % kSumLanes;
    for (std::int64_t i = 0; i < whole; i += kSumLanes) {
        for (std::int64_t lane = 0; lane < kSumLanes; ++lane) {
            auto& best = lanes[static_cast<std::size_t>(lane)];
            best = larger_of(best, bounded(i + lane));
        }
    }
    for (std::int64_t i = whole; i < cols.size; ++i) {
        auto& best = lanes[static_cast<std::size_t>(i - whole)];
        best = larger_of(best, bounded(i));
    }
    return *std::ranges::max_element(lanes);
}

PATCHEAD_VECTORISED
bool any_within(const float* values, float row_slack, const float* col_slack, float row_limit,
                const float* col_limit, std::int64_t size) {
    int within = 0;
    for (std::int64_t i = 0; i < size; ++i) {
        const float highest = values[i] + row_slack * col_slack[i];
        within |= (highest >= row_limit ? 1 : 0) | (highest >= col_limit[i] ? 1 : 0);
    }
    return within != 0;
}

}  // namespace patchead::inline detectors_detail
