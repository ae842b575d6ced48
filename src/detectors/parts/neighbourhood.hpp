#pragma once

#include <ATen/ATen.h>

#include "patchead/core/images.hpp"

/// \file
/// \brief What MuSc makes of the tokens of a layer: LNAMD. Private to the detectors layer.
///
/// Sums run in double in an order that depends on shapes alone, and no rounding on how a CPU
/// multiplies and adds: the same bits on every machine.

namespace patchead::inline detectors_detail {

/// Each image brought to mean 0 and variance 1 over all patches and channels together, 1e-5 added
/// to the variance. Shape: `tokens[n, L, C]`, float32, to the same.
[[nodiscard]] at::Tensor joint_layer_norm(const at::Tensor& tokens);

/// Sum over the `side` x `side` patches around each, `side` odd; nothing lies beyond the border.
/// Shape: `rows[n, L, C]`, float32, to `[n, L, C]`, double.
[[nodiscard]] at::Tensor window_sums(const at::Tensor& rows, Grid grid, int side);

/// The same of one image, each row divided by its length, or by 1e-12 if it is shorter.
struct UnitWindows {
    at::Tensor rows;             ///< Shape: `[L, C]`, float32.
    std::vector<double> scales;  ///< What they were multiplied with.
};

/// Shape: `rows[L, C]`, float32.
[[nodiscard]] UnitWindows unit_windows(const at::Tensor& rows, Grid grid, int side);

/// Rows of one grid bilinearly on another (half-pixel centres); the same rows if it is the same.
/// Shape: `rows[n, L, C]` to `[n, L', C]`, double.
[[nodiscard]] at::Tensor rows_on_grid(const at::Tensor& rows, Grid from, Grid to);

}  // namespace patchead::inline detectors_detail
