#include "parts/neighbourhood.hpp"

#include <algorithm>

#include "parts/maps.hpp"

namespace patchead::inline detectors_detail {
namespace {

/// Sum of `side` neighbours along an axis. The order of the sums depends on the place alone.
at::Tensor sums_along(const at::Tensor& values, std::int64_t axis, std::int64_t side) {
    const auto size = values.size(axis);
    auto sums = values.clone();
    for (std::int64_t step = 1; step <= std::min(side / 2, size - 1); ++step) {
        const auto inside = size - step;
        sums.narrow(axis, 0, inside).add_(values.narrow(axis, step, inside));
        sums.narrow(axis, step, inside).add_(values.narrow(axis, 0, inside));
    }
    return sums;
}

}  // namespace

at::Tensor joint_layer_norm(const at::Tensor& tokens) {
    // Axis by axis, so that no sum is split among threads.
    const auto mean = [](const at::Tensor& values) { return values.mean(2, true).mean(1, true); };
    const auto values = tokens.to(at::kDouble);
    const auto centred = values - mean(values);
    return centred / (mean(centred.square()) + 1e-5).sqrt();
}

at::Tensor window_sums(const at::Tensor& rows, Grid grid, int side) {
    const auto maps = rows.to(at::kDouble).view({rows.size(0), grid.rows, grid.cols, -1});
    return sums_along(sums_along(maps, 2, side), 1, side).view_as(rows);
}

at::Tensor rows_on_grid(const at::Tensor& rows, Grid from, Grid to) {
    if (from == to) { return rows.to(at::kDouble); }
    const auto maps = rows.view({rows.size(0), from.rows, from.cols, -1}).permute({0, 3, 1, 2});
    return resize_maps(maps, {to.rows, to.cols}).flatten(2).transpose(1, 2).contiguous();
}

}  // namespace patchead::inline detectors_detail
