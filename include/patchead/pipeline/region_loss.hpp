#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "patchead/plan/sweep_plan.hpp"

/// \file
/// \brief What of the defects of the mask files is left in the masks that points are measured
/// against: resizing and cropping lose small ones, and those at borders.

namespace patchead {

/// Of the test images of a category at one evaluation size.
struct RegionLoss {
    std::string dataset;
    std::string category;
    int side_px = 0;           ///< Of the evaluation; kNativeSide: of each image.
    std::size_t in_files = 0;  ///< Connected regions of the mask files.
    std::size_t lost = 0;      ///< Those of which no measured pixel is anomalous.
    std::size_t measured = 0;  ///< Regions of the measured masks: some were cut, or joined.
    std::size_t images = 0;    ///< Anomalous images that have a mask.
    std::size_t empty = 0;     ///< Those whose measured mask is empty.
};

/// Of each category and evaluation size of the plan, in its order. Reads the mask of every
/// anomalous test image. Throws DataError that names the image or mask file at fault.
[[nodiscard]] std::vector<RegionLoss> region_losses(const SweepPlan& plan);

}  // namespace patchead
