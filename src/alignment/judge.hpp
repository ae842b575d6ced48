#pragma once

#include "estimator.hpp"

/// \file
/// \brief Which proposals are accepted.

namespace patchead {

/// Fewer matches than this are not worth a RANSAC run.
constexpr int kLeastMatches = 10;

/// Zero-mean normalised cross-correlations, in [-1, 1]; 0 where either side is blank.
struct Correlation {
    double overlap = 0;     ///< Where the warped source covers the target.
    double foreground = 0;  ///< Of this, where either of them shows its object.
};

/// How well `source`, moved by `transform`, agrees with `target`. Bilinear.
[[nodiscard]] Correlation correlate(const SmallCopy& source, const SmallCopy& target,
                                    const Transform& transform);

/// Whether the motion could be one of the same camera and the same kind of part, whatever the
/// pixels say.
[[nodiscard]] bool is_plausible(const Proposal& proposal);

}  // namespace patchead
