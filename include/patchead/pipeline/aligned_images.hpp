#pragma once

#include <span>

#include "patchead/core/options.hpp"
#include "patchead/core/types.hpp"
#include "patchead/plan/sweep_plan.hpp"

/// \file
/// \brief A pair of images as the estimator saw it, for the eye.

namespace patchead {

/// Three square images of `options.side_px`.
struct AlignedImages {
    Image target;
    Image source;
    Image aligned;
};

/// Throws DataError that names the image file at fault.
[[nodiscard]] AlignedImages aligned_images(std::span<const Sample> samples, const AlignPair& pair,
                                           const Alignment& alignment, const AlignOptions& options);

}  // namespace patchead
