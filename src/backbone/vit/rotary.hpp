#pragma once

#include <functional>
#include <vector>

#include <ATen/core/Tensor.h>

#include "patchead/core/types.hpp"

namespace patchead::inline backbone_detail {

/// Cosine and sine of the angle of each channel pair of a head. Shape: `[L, d / 2]` each.
struct Rotation {
    at::Tensor cos, sin;
};

/// Rotary position embedding on two axes: queries and keys of patches are turned, pair by pair of
/// channels, by position times frequency. The first half of the pairs goes by one axis, the second
/// by the other.
/// Source: Su et al., "RoFormer: Enhanced Transformer with Rotary Position Embedding", 2021.
struct Rotary {
    std::vector<double> frequencies;  ///< d / 4; the same for both axes.
    /// Of row (or column) `index` out of `count`.
    std::function<double(int index, int count)> position;
    bool columns_first = false;  ///< The first half goes by the column.
    bool neighbours = false;     ///< Pairs are (0, 1), (2, 3), ...; else (i, i + d / 2).

    [[nodiscard]] Rotation at_grid(Grid grid) const;
};

/// base^(-4 i / d) for i < d / 4.
[[nodiscard]] std::vector<double> geometric_frequencies(double base, int head_channels);

}  // namespace patchead::inline backbone_detail
