#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "patchead/core/types.hpp"

/// \file
/// \brief Gaussian smoothing of a map.

namespace patchead::inline metrics_detail {

/// A separable Gaussian of radius int(4 sigma + 0.5), its weights normalised to sum 1, with
/// half-sample symmetric borders (d c b a | a b c d | d c b a). Sums in double, float32 between
/// the axes. Source: scipy.ndimage.gaussian_filter with its defaults.
class Gaussian {
  public:
    /// Units: pixels. With `sigma_px` 0 nothing is changed.
    explicit Gaussian(double sigma_px);

    /// Smooths `map[size.height, size.width]` in place: down the columns, then along the rows.
    void apply(std::span<float> map, MapSize size);

  private:
    void down_columns(std::span<float> map, std::size_t width);
    void along_rows(std::span<float> map, std::size_t width);

    std::vector<double> weights_;  ///< Of the centre, of its neighbours, and so on outwards.
    std::vector<float> rows_;      ///< The map before smoothing, or one row with its borders.
    std::vector<double> sums_;     ///< One row of results.
};

}  // namespace patchead::inline metrics_detail
