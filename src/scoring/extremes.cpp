#include "extremes.hpp"

#include <array>
#include <limits>

namespace patchead {
namespace {

// Written as one comparison, these compile to single vector instructions (std::max cannot: it must
// return a reference).
struct Largest {
    float operator()(float a, float b) const { return a > b ? a : b; }
};
struct Smallest {
    float operator()(float a, float b) const { return a < b ? a : b; }
};

/// The extreme of `row` and `start`. In lanes, because a compiler may not reorder floats by itself.
template <class Extreme>
float fold_row(const float* row, std::size_t cols, float start, Extreme extreme) {
    constexpr std::size_t kLanes = 32;
    std::array<float, kLanes> lanes;
    lanes.fill(start);
    std::size_t c = 0;
    for (; c + kLanes <= cols; c += kLanes) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            lanes[lane] = extreme(lanes[lane], row[c + lane]);
        }
    }
    for (; c < cols; ++c) { lanes[0] = extreme(lanes[0], row[c]); }
    float result = start;
    for (const float lane : lanes) { result = extreme(result, lane); }
    return result;
}

/// One row at a time: its second reading, for the columns, finds it in the first-level cache.
template <class Extreme>
void fold(const Tile& tile, Extreme extreme, std::span<float> by_row, std::span<float> by_col) {
    float* const best = by_col.data();
    for (std::size_t r = 0; r < tile.rows; ++r) {
        const float* const row = tile.values.data() + r * tile.cols;
        if (!by_row.empty()) { by_row[r] = fold_row(row, tile.cols, by_row[r], extreme); }
        if (by_col.empty()) { continue; }
        for (std::size_t c = 0; c < tile.cols; ++c) { best[c] = extreme(best[c], row[c]); }
    }
}

}  // namespace

float worst_similarity(Reduce reduce) {
    constexpr auto kInfinity = std::numeric_limits<float>::infinity();
    return reduce == Reduce::nearest ? -kInfinity : kInfinity;
}

void fold_extremes(const Tile& tile, Reduce reduce, std::span<float> by_row,
                   std::span<float> by_col) {
    if (reduce == Reduce::nearest) {
        fold(tile, Largest{}, by_row, by_col);
    } else {
        fold(tile, Smallest{}, by_row, by_col);
    }
}

}  // namespace patchead
