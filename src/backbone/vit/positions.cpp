#include "vit/positions.hpp"

#include <algorithm>
#include <array>

#include <ATen/ATen.h>

#include "torch_version.hpp"

namespace patchead {
namespace {

/// Shape: `map[1, dim, side, side]` to `[1, dim, rows, cols]`.
at::Tensor resized_positions(const at::Tensor& map, const PositionResize& resize, Grid grid) {
    using Filter = PositionResize::Filter;
    const auto size = std::array<std::int64_t, 2>{grid.rows, grid.cols};
    const auto scale = [&](int new_side) -> TorchOptional<double> {
        if (resize.offset == 0) { return {}; }
        return (new_side + resize.offset) / static_cast<double>(map.size(2));
    };
    const auto rows = scale(grid.rows);
    const auto cols = scale(grid.cols);
    switch (resize.filter) {
        case Filter::bicubic:
            return at::upsample_bicubic2d(map, size, false, rows, cols);
        case Filter::bicubic_antialias:
            return at::_upsample_bicubic2d_aa(map, size, false, rows, cols);
        case Filter::bilinear:
            return at::upsample_bilinear2d(map, size, false, rows, cols);
        case Filter::bilinear_antialias:
            break;
    }
    return at::_upsample_bilinear2d_aa(map, size, false, rows, cols);
}

}  // namespace

at::Tensor PositionTable::at_grid(Grid grid) const {
    if (grid == Grid{side, side}) { return patches; }
    const auto dim = patches.size(1);
    const int square = std::max(grid.rows, grid.cols);
    const auto whole = resize.to_square ? Grid{square, square} : grid;
    auto map = patches.t().reshape({1, dim, side, side}).contiguous();
    if (whole != Grid{side, side}) { map = resized_positions(map, resize, whole); }
    map = map.narrow(2, 0, grid.rows).narrow(3, 0, grid.cols);
    return map.reshape({dim, grid.size()}).t().contiguous();
}

}  // namespace patchead
