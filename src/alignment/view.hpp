#pragma once

#include <cstdint>
#include <vector>

#include <opencv2/core.hpp>

#include "patchead/core/types.hpp"

/// \file
/// \brief What is seen of an image when it is to be aligned.

namespace patchead::inline alignment_detail {

/// The small copy at which proposals are judged.
struct SmallCopy {
    int side_px = 0;
    bool has_object = false;
    bool has_silhouette = false;
    /// Shape: `[side, side, 4]`, 0 .. 255: red, green, blue, and the silhouette with its edge
    /// softened (0 without one).
    std::vector<float> pixels;
    /// Shape: `[side, side]`, 1 on the object and close by.
    std::vector<std::uint8_t> near_object;
};

/// One image at the working size, squashed to a square as the network sees it.
struct View {
    cv::Mat gray;    ///< Shape: `[side, side]`, CV_8UC1.
    cv::Mat object;  ///< Shape: `[side, side]`, CV_8UC1, 255 on the object; or empty.
    SmallCopy small;
};

[[nodiscard]] View view_of(const Image& image, int side_px);

}  // namespace patchead::inline alignment_detail
