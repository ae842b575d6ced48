#pragma once

#include <memory>

#include "patchead/core/options.hpp"
#include "patchead/core/types.hpp"

/// \file
/// \brief How one image lies in another: rotation and translation (paper, section 3.3).
///
/// Everything here is a function of the pixels and options alone: neither the number of threads nor
/// the order of calls changes a bit.

namespace patchead {

/// An image made ready for comparison: gray pixels at the working size, and whatever the estimator
/// needs of them (keypoints, spectra, moments), computed once however many images it meets.
class Landmarks {
  public:
    virtual ~Landmarks() = default;
};

/// Throws ConfigError if the working side is below 32 px.
[[nodiscard]] std::shared_ptr<const Landmarks> find_landmarks(const Image& image,
                                                              const AlignOptions& options);

/// Where `source` lies in `target`; both made with the same `options`.
///
/// A proposal is accepted only if it passes the tests of docs/method.md (matches, inliers, scale,
/// shift, overlap, and a gain in correlation); otherwise the result is the identity. The same image
/// twice gives the identity. Of several proposals, the one on which the objects agree best (their
/// silhouettes and colours) is taken; `automatic` then refines it, and without an object in both
/// images it trusts keypoints only. Throws std::logic_error if the landmarks were found with other
/// options.
[[nodiscard]] Alignment align(const Landmarks& source, const Landmarks& target,
                              const AlignOptions& options);

}  // namespace patchead
