#pragma once

#include <cstddef>
#include <span>
#include <vector>

/// \file
/// \brief What rows span. Private to the detectors layer.
///
/// In double, in one order of sums.

namespace patchead::inline detectors_detail {

/// In lanes of a fixed number.
[[nodiscard]] double dot(const double* a, const double* b, std::size_t dim);

/// An orthonormal basis of what rows span: each row in turn, less its part in the basis so far (by
/// the modified method of Gram and Schmidt, twice). A row that has nothing of its own, to 1e-9 of
/// its norm, adds nothing.
class RowSpace {
  public:
    explicit RowSpace(std::size_t dim) : dim_(dim) {}

    void add(std::span<const double> row);

    [[nodiscard]] std::size_t size() const { return rows_.size() / dim_; }
    [[nodiscard]] const double* row(std::size_t i) const { return rows_.data() + i * dim_; }
    /// Takes the part in the space away from `row`.
    /// \return Its coordinates.
    std::vector<double> split(std::span<double> row) const;

  private:
    std::size_t dim_;
    std::vector<double> rows_{};
};

}  // namespace patchead::inline detectors_detail
