#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "gaussian.hpp"
#include "patchead/core/options.hpp"
#include "patchead/core/types.hpp"

/// \file
/// \brief Patch grids become maps, one after the other in the same memory.

namespace patchead::inline metrics_detail {

/// Where one output coordinate lies between two inputs.
struct Tap {
    std::size_t low;
    std::size_t high;
    float weight;  ///< Of `high`; that of `low` is 1 - weight.
};

/// The taps of an axis that grows (or shrinks) from `from` to `to` points.
/// Source: torch.nn.functional.interpolate, without antialias.
[[nodiscard]] std::vector<Tap> axis_taps(int from, int to, Interpolation interpolation);

/// Makes maps from grids of one shape.
class MapMaker {
  public:
    MapMaker(Grid grid, const MetricOptions& options);

    /// The map of `patches[grid.rows, grid.cols]`. Shape: `[size.height, size.width]`. Valid until
    /// the next one. Fastest if they have one size.
    std::span<const float> make(std::span<const float> patches, MapSize size);

  private:
    void resize(MapSize size);
    void widen_rows(std::span<const float> patches);
    void blend_rows();

    Grid grid_;
    Interpolation interpolation_;
    MapSize size_;
    std::vector<Tap> x_;
    std::vector<Tap> y_;
    Gaussian smooth_;
    std::vector<float> wide_;  ///< The grid, with its rows already at full width.
    std::vector<float> map_;
};

}  // namespace patchead::inline metrics_detail
