#pragma once

#include <opencv2/core.hpp>

#include "patchead/core/types.hpp"

/// \file
/// \brief What a mask file holds before a threshold makes it 0 and 1.

namespace patchead::inline data_detail {

/// The mask of `sample`, which has one, cut as its image: levels as `levels_of`. Throws as
/// `read_mask`.
[[nodiscard]] cv::Mat read_mask_levels(const Sample& sample, int height, int width);

}  // namespace patchead::inline data_detail
