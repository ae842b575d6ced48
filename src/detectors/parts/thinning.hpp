#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <ATen/ATen.h>

#include "patchead/core/random.hpp"

/// \file
/// \brief Memories with fewer rows, above all SuperADD's thinning. Private to the detectors layer.

namespace patchead::inline detectors_detail {

using RowNumbers = std::vector<std::int64_t>;

/// `most` of 0..n-1 at random, ascending; all if they are no more.
[[nodiscard]] RowNumbers some_rows(std::int64_t n, std::int64_t most, const Random& random);

struct Thinning {
    std::int64_t target = 100000;  ///< Rows to keep.
    std::int64_t iterations = 100;
    std::int64_t neighbours = 100;  ///< Looked at within a subset, the row itself among them.
};

/// What is left to chance.
class ThinningDraws {
  public:
    ThinningDraws() = default;
    ThinningDraws(const ThinningDraws&) = delete;
    ThinningDraws& operator=(const ThinningDraws&) = delete;
    ThinningDraws(ThinningDraws&&) = delete;
    ThinningDraws& operator=(ThinningDraws&&) = delete;
    virtual ~ThinningDraws() = default;

    /// `count` of the rows that are not kept so far, for the next iteration.
    virtual RowNumbers subset(const RowNumbers& free, std::int64_t count) = 0;
    /// Numbers in [0, 1) for the rows of that subset.
    virtual std::vector<double> numbers(std::int64_t count) = 0;
    /// The rows that are not kept in the end, in the order in which some are kept after all.
    virtual RowNumbers top_up(const RowNumbers& free) = 0;
};

class RandomDraws final : public ThinningDraws {
  public:
    explicit RandomDraws(const Random& random) : random_(random) {}
    RowNumbers subset(const RowNumbers& free, std::int64_t count) override;
    std::vector<double> numbers(std::int64_t count) override;
    RowNumbers top_up(const RowNumbers& free) override;

  private:
    Random random_;
};

/// Which rows of a subset are kept: each with a chance of 1 / (1 + neighbours nearer than t), where
/// t grows until at most `target` are. `distances[n, k]`, of the rows to their neighbours. If it
/// cannot grow far enough (equal rows), those with the smallest numbers are kept.
[[nodiscard]] std::vector<bool> keep_apart(const at::Tensor& distances,
                                           std::span<const double> numbers, std::int64_t target);

/// The rows that are kept of `rows[n, D]`, ascending: exactly `target`, or all if they are no more.
[[nodiscard]] RowNumbers thinned_rows(const at::Tensor& rows, const Thinning& thinning,
                                      ThinningDraws& draws);

}  // namespace patchead::inline detectors_detail
