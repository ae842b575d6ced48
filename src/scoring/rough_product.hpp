#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "patchead/scoring/match.hpp"

/// \file
/// \brief The matrix product of two images, fast and with a known error: what finds the candidates
/// of an extreme.
///
/// **Bound.** Let t be the dot product of two patches a, b (float32, length at most 1 + 2^-22), and
/// D their channels.
///  * fp32: any order of the sums, fused or not, gives q with |q - t| <= D 2^-24 / (1 - D 2^-24)
///    sum |a_k b_k|, and the last sum is at most |a| |b| (Cauchy-Schwarz). With
///    e = (D + 2) 2^-23 there is room of a factor two for D <= 2^16: for underflow (2^-125 a step),
///    for kernels that cut off instead of rounding, for the lengths, and for the rounding of
///    similarity() (D 2^-53) and of the limit below.
///  * bf16: a and b become a' and b'; rho is the largest |a - a'| of an image, computed, not
///    estimated. |a'.b' - a.b| = |a'.(b' - b) + (a' - a).b| <= rho_a + rho_b + rho_a rho_b, up to
///    the lengths. Products of bf16 are exact in fp32 and are summed in fp32, so
///    e = 1.001 (rho_a + rho_b + rho_a rho_b) + (D + 2) 2^-23.
/// The product itself is stored as fp32, or rounded to bf16: s = q (1 + d), |s - q| <= 2^-8 |s|
/// and <= 2^-8 |q| (8 significant bits).
///
/// **Consequence.** Let s be the largest stored value of a row, and let patch c have the largest
/// similarity. Then q_c >= t_c - e >= t_s - e >= q_s - 2 e >= T := s - r |s| - 2 e with r = 2^-8
/// for bf16 and 0 for fp32, and its stored value is at least T - r |T|. That is `limit(s)`: all
/// that is below it need not be looked at again. The same holds for columns, and if s is only the
/// largest value so far, the limit is only lower. The least similarity is the largest of the
/// negated ones, so all of this looks for the largest only.

namespace patchead::inline scoring_detail {

/// Rows and columns of a product.
struct TileRange {
    std::size_t row, rows;
    std::size_t col, cols;
};

/// One per thread: it owns its tile.
class RoughProduct {
  public:
    virtual ~RoughProduct() = default;

    /// The operands, which must outlive the calls of `multiply`. Shapes: `left[L, D]`, `right[L,
    /// D]`.
    virtual void take(std::span<const float> left, std::span<const float> right) = 0;
    /// Computes a tile of `left right^T` of at most kTileSide rows and columns.
    virtual void multiply(const TileRange& range) = 0;
    /// Row `r` of the tile, for Reduce::farthest negated; valid until the next call.
    virtual std::span<const float> row(std::size_t r) = 0;
    /// The least value that the largest similarity may have here if `best` is the largest value.
    [[nodiscard]] virtual float limit(float best) const = 0;
};

// A tile of 512 x 512 floats is 1 MiB: still in the second-level cache when it is read, and large
// enough for the product to run at the speed of a larger one.
constexpr std::size_t kTileSide = 512;

/// Images of `patches` patches of `dim` channels. `screening` is fp32 or bf16.
std::unique_ptr<RoughProduct> make_rough_product(Screening screening, std::size_t patches,
                                                 std::size_t dim, Reduce reduce);

/// fp32 or bf16, whatever is wanted: bf16 only if the CPU multiplies it, images are not tiny, and,
/// for Screening::fastest, if it is much faster, as measured once a process.
[[nodiscard]] Screening choose_screening(Screening wanted, std::size_t patches, std::size_t dim);

}  // namespace patchead::inline scoring_detail
