#pragma once

#include <opencv2/core.hpp>

/// \file
/// \brief Where the object is.

namespace patchead::inline alignment_detail {

/// The object on its ground, which is what most of the image's border shows: pixels that differ
/// from it in brightness or colour by more than Otsu's threshold.
///
/// Shape: `rgb[side, side]`, CV_8UC3, to the same, CV_8UC1, with 255 on the object; empty if
/// nothing stands out: if the image is blank, or the border shows much that differs from its own
/// median, too (a texture).
[[nodiscard]] cv::Mat find_foreground(const cv::Mat& rgb);

/// What is known of where the object is.
struct Object {
    cv::Mat mask;  ///< Shape: `[side, side]`, CV_8UC1, 255 on the object; or empty.
    /// Whether this is the silhouette, the foreground without its shadow and with its gaps and
    /// holes filled, and not just the foreground.
    bool is_silhouette = false;
};

/// The silhouette, since a shadow does not turn with the object. Where no shadow is found, or
/// hardly anything without it, the foreground tells more: holes are seen, and an outline that fades
/// into the ground is not taken for a sharp one.
[[nodiscard]] Object find_object(const cv::Mat& rgb);

}  // namespace patchead::inline alignment_detail
