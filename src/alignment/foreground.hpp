#pragma once

#include <opencv2/core.hpp>

/// \file
/// \brief Where the object is.

namespace patchead {

/// The object on its ground, which is what most of the image's border shows: pixels that differ
/// from it in brightness or colour by more than Otsu's threshold.
///
/// Shape: `rgb[side, side]`, CV_8UC3, to the same, CV_8UC1, with 255 on the object; empty if
/// nothing stands out: if the image is blank, or the border shows much that differs from its own
/// median, too (a texture).
[[nodiscard]] cv::Mat find_foreground(const cv::Mat& rgb);

/// The foreground without its shadow, which does not turn with the object, and without gaps and
/// holes; of the same shape, and empty where the foreground is. If hardly anything is left without
/// what may be shadow, it is all of the foreground.
[[nodiscard]] cv::Mat find_silhouette(const cv::Mat& rgb);

}  // namespace patchead
