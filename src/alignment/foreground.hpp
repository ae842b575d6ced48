#pragma once

#include <opencv2/core.hpp>

/// \file
/// \brief Where the object is.

namespace patchead {

/// The object on its ground, which is what most of the image's border shows: pixels that differ
/// from it, dark or bright, by more than Otsu's threshold.
///
/// Shape: `gray[side, side]`, CV_8UC1, to the same with 255 on the object; empty if nothing stands
/// out: if the image is blank, or what differs from the border's gray is as much at the border as
/// elsewhere (a texture).
[[nodiscard]] cv::Mat find_foreground(const cv::Mat& gray);

}  // namespace patchead
