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

/// One side of an image in patches.
struct AxisPatches {
    int count = 0;     ///< Those that have values.
    int patch_px = 1;  ///< Side of a patch, and of the image, in pixels of the same kind: what is
    int image_px = 0;  ///< not `count * patch_px` is beyond the patches, or beyond the image.
};

/// The taps of an axis whose patches become `to` points that span the image.
/// Source, where patches and image end together: torch.nn.functional.interpolate, without
/// antialias.
[[nodiscard]] std::vector<Tap> axis_taps(const AxisPatches& from, int to,
                                         Interpolation interpolation);

/// Makes maps from grids of one shape.
class MapMaker {
  public:
    MapMaker(Grid grid, const MetricOptions& options);

    /// The map of `patches[grid.rows, grid.cols]`. Shape: `[size.height, size.width]`. Valid until
    /// the next one. Fastest if they have one size (and shape).
    std::span<const float> make(std::span<const float> patches, MapSize size);
    /// The same for an image that has only the patches of `shape`, in the upper left corner.
    std::span<const float> make(std::span<const float> patches, const InputShape& shape,
                                MapSize size);

  private:
    void resize(const InputShape& shape, MapSize size);
    void widen_rows(std::span<const float> patches);
    void blend_rows();

    Grid grid_;
    Interpolation interpolation_;
    InputShape shape_;
    MapSize size_;
    std::vector<Tap> x_;
    std::vector<Tap> y_;
    Gaussian smooth_;
    std::vector<float> wide_;  ///< The grid, with its rows already at full width.
    std::vector<float> map_;
};

}  // namespace patchead::inline metrics_detail
