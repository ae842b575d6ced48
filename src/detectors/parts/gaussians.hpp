#pragma once

#include <ATen/ATen.h>

/// \file
/// \brief A Gaussian for each position, as PaDiM has them. Private to the detectors layer.

namespace patchead::inline detectors_detail {

/// Means, and covariances C + r I where C is that of k references: of a rank below k, so that it is
/// kept as a basis of what it spans and as what whitens there. Distances need no matrix [d, d]:
/// t^T (C + r I)^-1 t = |W B t|^2 + |t - B^T B t|^2 / r. (Woodbury's identity; this form takes no
/// difference of large numbers.) All float32.
struct PositionGaussians {
    double regulariser = 0;
    at::Tensor mean;       ///< `[L, d]`.
    at::Tensor basis;      ///< B, orthonormal rows or zeros: `[L, r, d]`, r = min(k - 1, d).
    at::Tensor whitening;  ///< W, the inverse of the Cholesky factor in that basis: `[L, r, r]`.
};

/// Of `references[k, L, d]`. C is that of numpy.cov (k - 1 in the denominator). Of a single
/// reference that is the variance v of its d values, in every entry of C (r = 1).
[[nodiscard]] PositionGaussians fit_gaussians(const at::Tensor& references, double regulariser);

/// Mahalanobis distances of `queries[n, L, d]`. Shape: `[n, L]`, double.
[[nodiscard]] at::Tensor mahalanobis(const PositionGaussians& gaussians, const at::Tensor& queries);

/// Shape: `[L, d, d]`, double.
[[nodiscard]] at::Tensor covariances(const PositionGaussians& gaussians);

}  // namespace patchead::inline detectors_detail
