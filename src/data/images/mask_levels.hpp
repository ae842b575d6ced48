#pragma once

#include <filesystem>

#include <opencv2/core.hpp>

#include "patchead/core/types.hpp"

/// \file
/// \brief What a mask file holds before a threshold makes it 0 and 1.

namespace patchead::inline data_detail {

/// The mask `file` of `sample`, cut as its image: levels as `levels_of`. Throws as `read_mask`.
[[nodiscard]] cv::Mat read_mask_levels(const Sample& sample, const std::filesystem::path& file,
                                       int height, int width);

/// Of all mask files of `sample`, which has one, the highest level of each pixel.
[[nodiscard]] cv::Mat read_mask_levels(const Sample& sample, int height, int width);

}  // namespace patchead::inline data_detail
