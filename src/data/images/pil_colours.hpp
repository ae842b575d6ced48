#pragma once

#include <opencv2/core.hpp>

/// \file
/// \brief Colours that are not stored as RGB, as PIL's convert("RGB") makes RGB of them.

namespace patchead::inline data_detail {

// From CV_8UC4 to CV_8UC3.

/// Of inks, 255 = full.
[[nodiscard]] cv::Mat rgb_of_cmyk(const cv::Mat& inks);

/// Of colours that were multiplied by alpha.
[[nodiscard]] cv::Mat rgb_of_multiplied(const cv::Mat& rgba);

[[nodiscard]] cv::Mat rgb_of_first_three(const cv::Mat& rgba);

/// From 5 and 6 bits that stand in the upper bits of `rgb` to the whole range, in place.
void widen_short_bits(cv::Mat& rgb, int green_bits);

}  // namespace patchead::inline data_detail
