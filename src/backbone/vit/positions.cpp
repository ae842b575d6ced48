#include "vit/positions.hpp"

#include <array>

#include <ATen/ATen.h>

#include "torch_version.hpp"

namespace patchead {

at::Tensor PositionTable::at_grid(Grid grid) const {
    if (grid == Grid{side, side}) { return patches; }
    using Filter = PositionResize::Filter;
    const auto dim = patches.size(1);
    const auto map = patches.t().reshape({1, dim, side, side}).contiguous();
    const auto size = std::array<std::int64_t, 2>{grid.rows, grid.cols};
    const auto scale = [&](int new_side) -> TorchOptional<double> {
        if (resize.offset == 0) { return {}; }
        return (new_side + resize.offset) / side;
    };
    const auto rows = scale(grid.rows);
    const auto cols = scale(grid.cols);
    at::Tensor resized;
    switch (resize.filter) {
        case Filter::bicubic:
            resized = at::upsample_bicubic2d(map, size, false, rows, cols);
            break;
        case Filter::bicubic_antialias:
            resized = at::_upsample_bicubic2d_aa(map, size, false, rows, cols);
            break;
        case Filter::bilinear:
            resized = at::upsample_bilinear2d(map, size, false, rows, cols);
            break;
    }
    return resized.reshape({dim, grid.size()}).t().contiguous();
}

}  // namespace patchead
