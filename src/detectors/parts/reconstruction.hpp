#pragma once

#include <ATen/ATen.h>

#include "parts/row_space.hpp"

/// \file
/// \brief Patches made of a coreset's rows, as FastRecon makes them. Private to the detectors
/// layer.

namespace patchead::inline detectors_detail {

/// The combinations W S of the rows of `coreset[m, D]` (S) for which
/// |Q - W S|^2 + lambda |mean - W S|^2 is least: (Q + lambda mean) / (1 + lambda), projected on
/// what the rows span.
class Reconstruction {
  public:
    /// Shape: `mean[L, D]`.
    Reconstruction(const at::Tensor& mean, const at::Tensor& coreset, double lambda);

    /// Shapes: `queries[n, L, D]` (Q) to `[n, L, D]`, double.
    [[nodiscard]] at::Tensor of(const at::Tensor& queries) const;

  private:
    at::Tensor mean_;
    double lambda_;
    RowSpace space_;
};

}  // namespace patchead::inline detectors_detail
