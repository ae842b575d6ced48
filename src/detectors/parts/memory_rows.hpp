#pragma once

#include <cstdint>

#include <ATen/ATen.h>

#include "parts/thinning.hpp"
#include "patchead/core/plain_tensor.hpp"
#include "patchead/core/random.hpp"

/// \file
/// \brief A memory that grows reference by reference. Private to the detectors layer.

namespace patchead::inline detectors_detail {

/// Rows that come in parts, all of them or some that are drawn beforehand.
class MemoryRows {
  public:
    /// `all` rows will come. Of more than `most` so many are kept, drawn by `random`; 0: all are.
    MemoryRows(std::int64_t all, std::int64_t most, const Random& random);

    /// The next rows, `[n, D]`.
    void add(const at::Tensor& rows);

    /// Numbers of the rows that are kept, ascending.
    [[nodiscard]] const RowNumbers& chosen() const { return chosen_; }
    /// The array of a model. Shape: `[kept, D]`.
    [[nodiscard]] PlainTensor take();

  private:
    RowNumbers chosen_;
    std::size_t next_ = 0;    ///< The first of these that has not come yet.
    std::int64_t first_ = 0;  ///< How many rows have come.
    PlainTensor memory_{};
};

}  // namespace patchead::inline detectors_detail
