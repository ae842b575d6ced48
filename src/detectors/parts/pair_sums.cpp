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
void sum_strided(const float* from, std::int64_t stride, std::int64_t count, float* to,
                 std::int64_t size) {
    if (count == 5) {  // Windows of 5 and of 3 need no value twice.
        for (std::int64_t i = 0; i < size; ++i) {
            to[i] = from[i] + from[i + stride] + from[i + 2 * stride] + from[i + 3 * stride] +
                    from[i + 4 * stride];
        }
    } else if (count == 3) {
        for (std::int64_t i = 0; i < size; ++i) {
            to[i] = from[i] + from[i + stride] + from[i + 2 * stride];
        }
    } else {
        for (std::int64_t i = 0; i < size; ++i) { to[i] = from[i]; }
        for (std::int64_t k = 1; k < count; ++k) {
            const float* const next = from + k * stride;
            for (std::int64_t i = 0; i < size; ++i) { to[i] += next[i]; }
        }
    }
}

void GridSums::sum_around(const float* values, std::int64_t half, float* sums) {
    const std::int64_t cols = grid_.cols;
    const auto width = cols + 2 * half;
    const auto height = grid_.rows + 2 * half;
    if (half != half_) {
        half_ = half;
        padded_.assign(static_cast<std::size_t>(width * height), 0);
        along_.assign(padded_.size(), 0);
    }
    for (std::int64_t y = 0; y < grid_.rows; ++y) {
        std::copy_n(values + y * cols, cols, padded_.data() + (y + half) * width + half);
    }
    // One run over all rows: sums that straddle two of them are never looked at.
    const auto count = 2 * half + 1;
    sum_strided(padded_.data(), 1, count, along_.data(), width * height - 2 * half);
    for (std::int64_t y = 0; y < grid_.rows; ++y) {
        sum_strided(along_.data() + y * width, width, count, sums + y * cols, cols);
    }
}

PATCHEAD_VECTORISED
float scale_and_bound(const float* __restrict products, const RowTerms& row,
                      const ColumnTerms& cols, float* __restrict values,
                      float* __restrict best_of_col) {
    // Copies, which nothing that is written here can change: else no vectors are used.
    const auto [scale, missing, slack] = row;
    const float* __restrict const col_scale = cols.scale;
    const float* __restrict const col_missing = cols.missing;
    const float* __restrict const col_slack = cols.slack;
    const std::int64_t size = cols.size;
    std::array<float, kSumLanes> lanes;
    lanes.fill(-std::numeric_limits<float>::infinity());
    const std::int64_t whole = size - size % kSumLanes;
    for (std::int64_t i = 0; i < size; ++i) {
        values[i] = products[i] * scale * col_scale[i] + (missing + col_missing[i]);
    }
    for (std::int64_t i = 0; i < size; ++i) {
        best_of_col[i] = larger_of(best_of_col[i], values[i] - slack * col_slack[i]);
    }
    for (std::int64_t i = 0; i < whole; i += kSumLanes) {
        for (std::int64_t lane = 0; lane < kSumLanes; ++lane) {
            auto& best = lanes[static_cast<std::size_t>(lane)];
            best = larger_of(best, values[i + lane] - slack * col_slack[i + lane]);
        }
    }
    for (std::int64_t i = whole; i < size; ++i) {
        auto& best = lanes[static_cast<std::size_t>(i - whole)];
        best = larger_of(best, values[i] - slack * col_slack[i]);
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
