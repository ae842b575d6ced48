#include "pair_product.hpp"

#include <algorithm>
#include <limits>

#include "similarity.hpp"

namespace patchead {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

// Beyond this many candidates a patch, similarities take longer than a product in fp32, which
// leaves about one.
constexpr std::size_t kCandidatesPerPatch = 16;

/// The largest side of tiles of about one size, so that none is a sliver.
std::size_t even_tile_side(std::size_t patches) {
    const auto tiles = std::max<std::size_t>(1, (patches + kTileSide - 1) / kTileSide);
    return std::max<std::size_t>(1, (patches + tiles - 1) / tiles);
}

}  // namespace

PairProduct::PairProduct(std::size_t patches, std::size_t dim, Reduce reduce, Screening screening)
    : patches_(patches),
      dim_(dim),
      tile_side_(even_tile_side(patches)),
      sign_(reduce == Reduce::farthest ? -1.0F : 1.0F),
      first_(make_rough_product(screening, patches, dim, reduce)) {
    if (screening != Screening::fp32) {
        second_ = make_rough_product(Screening::fp32, patches, dim, reduce);
    }
}

void PairProduct::run(std::span<const float> left, std::span<const float> right,
                      std::span<float> by_row, std::span<float> by_col) {
    left_ = left;
    right_ = right;
    rows_.exact = by_row;
    cols_.exact = by_col;
    constexpr auto kAny = std::numeric_limits<std::size_t>::max();
    if (!screen(*first_, second_ ? kCandidatesPerPatch * patches_ : kAny)) {
        (void)screen(*second_, kAny);
    }
    for (const auto values : {by_row, by_col}) {
        for (float& value : values) { value *= sign_; }
    }
}

/// False, with nothing decided, as soon as there are more candidates than wanted.
bool PairProduct::screen(RoughProduct& product, std::size_t most_candidates) {
    for (auto* side : {&rows_, &cols_}) {
        std::ranges::fill(side->exact, -kInfinity);
        side->rough.assign(side->exact.size(), -kInfinity);
        side->limit.assign(side->exact.size(), -kInfinity);
    }
    candidates_.clear();
    product.take(left_, right_);
    const auto screen_at = [&](std::size_t row, std::size_t col) {
        screen_tile(product, {row, std::min(tile_side_, patches_ - row), col,
                              std::min(tile_side_, patches_ - col)});
        if (candidates_.size() > most_candidates) { return false; }
        if (candidates_.size() > kTileSide * kTileSide) { settle(); }
        return true;
    };
    bool few = true;
    for (std::size_t col = 0; few && col < patches_; col += tile_side_) {
        for (std::size_t row = 0; few && row < patches_; row += tile_side_) {
            few = screen_at(row, col);
        }
    }
    if (few) { settle(); }
    return few;
}

/// Raises the limits by a tile, and then collects what reaches them.
void PairProduct::screen_tile(RoughProduct& product, const TileRange& range) {
    product.multiply(range);
    const bool has_cols = !cols_.rough.empty();
    const auto best_of_col =
        has_cols ? std::span(cols_.rough).subspan(range.col, range.cols) : std::span<float>();
    for (std::size_t r = 0; r < range.rows; ++r) {
        auto& best = rows_.rough[range.row + r];
        best = std::max(best, fold_largest(product.row(r), best_of_col));
        rows_.limit[range.row + r] = product.limit(best);
    }
    for (std::size_t c = range.col; has_cols && c < range.col + range.cols; ++c) {
        cols_.limit[c] = product.limit(cols_.rough[c]);
    }
    collect(product, range);
}

void PairProduct::collect(RoughProduct& product, const TileRange& range) {
    for (std::size_t r = 0; r < range.rows; ++r) {
        collect_row(product.row(r), range, range.row + r);
    }
}

void PairProduct::collect_row(std::span<const float> values, const TileRange& range,
                              std::size_t row) {
    constexpr std::size_t kChunk = 64;  // Most have no candidate, and are left at a glance.
    const float limit = rows_.limit[row];
    const bool has_cols = !cols_.limit.empty();
    for (std::size_t c = 0; c < values.size(); c += kChunk) {
        const auto chunk = values.subspan(c, std::min(kChunk, values.size() - c));
        const auto limit_of_col = has_cols
                                      ? std::span(cols_.limit).subspan(range.col + c, chunk.size())
                                      : std::span<float>();
        if (any_reaches(chunk, limit, limit_of_col)) {
            collect_chunk(chunk, limit_of_col, row, range.col + c);
        }
    }
}

/// The candidates among `values`, which begin at `row` and `col`.
void PairProduct::collect_chunk(std::span<const float> values, std::span<const float> limit_of_col,
                                std::size_t row, std::size_t col) {
    const float limit = rows_.limit[row];
    const bool has_cols = !limit_of_col.empty();
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (values[i] >= limit || (has_cols && values[i] >= limit_of_col[i])) {
            candidates_.push_back(
                {static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(col + i), values[i]});
        }
    }
}

void PairProduct::keep(Side& side, std::size_t patch, float value) {
    // No -0 comes in, so that of equal candidates any may come first.
    side.exact[patch] = std::max(side.exact[patch], value + 0.0F);
}

/// Computes the similarity of the candidates that still are some, each for its row and its column.
void PairProduct::settle() {
    const bool has_cols = !cols_.limit.empty();
    for (const auto& [row, col, rough] : candidates_) {
        if (rough < rows_.limit[row] && !(has_cols && rough >= cols_.limit[col])) { continue; }
        const auto value = static_cast<float>(
            similarity(left_.subspan(row * dim_, dim_), right_.subspan(col * dim_, dim_)));
        keep(rows_, row, sign_ * value);
        if (has_cols) { keep(cols_, col, sign_ * value); }
    }
    candidates_.clear();
}

}  // namespace patchead
