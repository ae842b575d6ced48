#pragma once

#include <opencv2/core.hpp>

#include "patchead/core/types.hpp"

/// \file
/// \brief Between the project's values and those of OpenCV.

namespace patchead::inline alignment_detail {

/// A view of the pixels of `image`, which must outlive it. Shape: `[height, width]`, CV_8UC3, RGB.
[[nodiscard]] cv::Mat rgb_of(const Image& image);

/// `transform` in pixels of an image of `size`, whose centres lie at whole numbers.
[[nodiscard]] cv::Matx23d in_pixels(const Transform& transform, cv::Size size);

}  // namespace patchead::inline alignment_detail
