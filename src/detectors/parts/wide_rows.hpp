#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <ATen/ATen.h>

/// \file
/// \brief Products of rows in double. Private to the detectors layer.
///
/// Products of float32 values are exact in double and are summed in lanes of a fixed number, so a
/// result has the same bits on every machine, for any threads and in any company.

namespace patchead::inline detectors_detail {

/// Some rows in double, each padded with zeros to whole lanes.
class WideRows {
  public:
    explicit WideRows(std::int64_t dim);

    /// Appends the rows `which` of `rows[n, D]`, float32 and contiguous.
    void append(const at::Tensor& rows, std::span<const std::int64_t> which);
    void clear();

    [[nodiscard]] std::size_t size() const { return squares_.size(); }
    /// Values of a row and what it is padded with.
    [[nodiscard]] std::size_t stride() const { return stride_; }
    [[nodiscard]] const double* row(std::size_t i) const { return values_.data() + i * stride_; }
    /// Squared norm of a row.
    [[nodiscard]] double square(std::size_t i) const { return squares_[i]; }

  private:
    std::size_t dim_;
    std::size_t stride_;
    std::vector<double> values_{};
    std::vector<double> squares_{};
};

/// `to[i * (right.size() - first) + j]` = the product of row i of `left` and row `first + j` of
/// `right`.
void products(const WideRows& left, const WideRows& right, std::size_t first, std::span<double> to);

}  // namespace patchead::inline detectors_detail
