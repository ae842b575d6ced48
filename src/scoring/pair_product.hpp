#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "patchead/core/options.hpp"
#include "rough_product.hpp"

/// \file
/// \brief The extreme similarities of two images, from a product that is never held as a whole.

namespace patchead::inline scoring_detail {

/// Finds the candidates of each extreme by a rough product, tile by tile, and computes the
/// similarity of these alone. One per thread: it owns the tile.
class PairProduct {
  public:
    /// Images of `patches` patches of `dim` channels. `screening` is fp32 or bf16.
    PairProduct(std::size_t patches, std::size_t dim, Reduce reduce, Screening screening);

    /// Extreme similarities of the patches of `left` and `right`: over each row of their product
    /// into `by_row`, over each column into `by_col`, which may be empty and is then not computed.
    /// Shapes: `left[L, D]`, `right[L, D]`, `by_row[L]`, `by_col[L]`. Operands must not change
    /// while the object lives.
    void run(std::span<const float> left, std::span<const float> right, std::span<float> by_row,
             std::span<float> by_col);

  private:
    struct Candidate {
        std::uint32_t row, col;
        float rough;
    };
    /// What is known of the rows, or of the columns.
    struct Side {
        std::vector<float> rough;  ///< Largest rough value so far.
        std::vector<float> limit;  ///< What a candidate must reach.
        std::span<float> exact;    ///< Largest similarity of the candidates so far.
    };

    [[nodiscard]] bool screen(RoughProduct& product, std::size_t most_candidates);
    void screen_tile(RoughProduct& product, const TileRange& range);
    void collect(RoughProduct& product, const TileRange& range);
    void collect_row(std::span<const float> values, const TileRange& range, std::size_t row);
    void collect_chunk(std::span<const float> values, std::span<const float> limit_of_col,
                       std::size_t row, std::size_t col);
    void settle();
    static void keep(Side& side, std::size_t patch, float value);

    std::size_t patches_;
    std::size_t dim_;
    std::size_t tile_side_;
    float sign_;  ///< 1, or -1 where the largest value is wanted of the negated similarities.
    std::unique_ptr<RoughProduct> first_;  ///< Tried first.
    /// fp32, if the first one finds too many candidates; null if that is fp32 itself.
    std::unique_ptr<RoughProduct> second_;
    std::span<const float> left_;
    std::span<const float> right_;
    Side rows_;
    Side cols_;
    std::vector<Candidate> candidates_;
};

}  // namespace patchead::inline scoring_detail
