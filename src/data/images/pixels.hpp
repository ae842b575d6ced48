#pragma once

#include <opencv2/core.hpp>

#include "patchead/core/types.hpp"

/// \file
/// \brief Images and masks as OpenCV sees them. Private to the data layer.

namespace patchead::inline data_detail {

// OpenCV has no views of constant memory; whoever takes these does not write to them.

/// A view of the pixels of `image`, which must outlive it. Shape: `[height, width]`, CV_8UC3, RGB.
inline cv::Mat pixels_of(const Image& image) {
    return {image.height, image.width, CV_8UC3, const_cast<std::uint8_t*>(image.rgb.data())};
}

/// The same of a mask: CV_8UC1, 1 where it is anomalous.
inline cv::Mat pixels_of(const Mask& mask) {
    return {mask.height, mask.width, CV_8UC1, const_cast<std::uint8_t*>(mask.anomalous.data())};
}

}  // namespace patchead::inline data_detail
