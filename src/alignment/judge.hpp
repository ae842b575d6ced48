#pragma once

#include "estimator.hpp"

/// \file
/// \brief Which proposals are accepted.

namespace patchead::inline alignment_detail {

/// Fewer matches than this are not worth a RANSAC run.
constexpr int kLeastMatches = 10;

/// Zero-mean normalised cross-correlation of `target` with `source` moved by `transform`, where
/// this covers the target; in [-1, 1], and 0 if either is blank there.
///
/// Means are of each channel, variances and covariances are summed over them; of gray images this
/// is the usual one. Bilinear.
[[nodiscard]] double correlation(const SmallCopy& source, const SmallCopy& target,
                                 const Transform& transform);

/// How well the objects of both agree: the correlation, but only where either of them shows its
/// object or what is close by, and that of the silhouettes there if both have one; their weighted
/// mean, in [-1, 1]. Without objects it is the correlation.
///
/// The silhouettes tell where the object is, whatever way its shadow falls and its surface shines;
/// colours tell which way round it lies, and where it is if the outline does not.
[[nodiscard]] double agreement(const SmallCopy& source, const SmallCopy& target,
                               const Transform& transform);

/// Whether the motion could be one of the same camera and the same kind of part, and is well
/// supported, whatever the pixels say.
[[nodiscard]] bool is_plausible(const Proposal& proposal);

/// Whether a correlation of `now` says that a motion is right, if it is `before` without motion.
[[nodiscard]] bool is_gain(double before, double now);

}  // namespace patchead::inline alignment_detail
