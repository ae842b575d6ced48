#pragma once

#include <cstdint>
#include <functional>

#include <ATen/ATen.h>

#include "patchead/core/images.hpp"

/// \file
/// \brief Principal components of patches, and how far others are from them. Private to the
/// detectors layer. All in double precision.

namespace patchead::inline detectors_detail {

/// Mean of layers. Shapes: `layers[layer, n, L, D]` to `[n, L, D]`.
[[nodiscard]] at::Tensor mean_over_layers(const at::Tensor& layers);

/// Tokens in another grid, bilinear between patches. Shapes: `[n, L, D]` to `[n, L', D]`, double.
[[nodiscard]] at::Tensor tokens_on_grid(const at::Tensor& tokens, Grid from, Grid to);

/// Of the covariance (n - 1) of rows. Shapes: `mean[D]`, `values[D]`, descending; column i of
/// `vectors[D, D]` is that of value i.
struct Components {
    at::Tensor mean;
    at::Tensor values;
    at::Tensor vectors;
};

/// Gives all rows in parts `[n, D]`, of any type, whenever it is called.
using RowSource = std::function<void(const std::function<void(const at::Tensor& part)>& take)>;

/// Rows are gone through twice; some at a time are in double precision. Bits do not depend on the
/// parts.
[[nodiscard]] Components principal_components(const RowSource& rows);
/// Of `rows[n, D]`.
[[nodiscard]] Components principal_components(const at::Tensor& rows);

/// The fewest components that hold at least `share` of the variance; 1 if there is none.
[[nodiscard]] std::int64_t rank_of(const at::Tensor& values, double share);

/// Shapes: `mean[D]`, `vectors[D, r]`, `values[r]`.
struct Subspace {
    at::Tensor mean;
    at::Tensor vectors;
    at::Tensor values;
    std::int64_t dropped = 0;  ///< So many of the first components are left out.
    double eps = 1e-6;         ///< Added to variances and norms before a division.
};

/// The first `rank` components, at most all.
[[nodiscard]] Subspace subspace_of(const Components& components, std::int64_t rank);

/// reconstruction: squared distance from the subspace; mahalanobis: in it, squared; cosine: 1 - cos
/// between a patch and what the subspace makes of it.
enum class SubspaceScore { reconstruction, mahalanobis, cosine };

/// Shapes: `rows[n, D]` to `[n]`. Bits are the same for any number of threads.
[[nodiscard]] at::Tensor subspace_scores(const at::Tensor& rows, const Subspace& subspace,
                                         SubspaceScore score);

}  // namespace patchead::inline detectors_detail
