#pragma once

#include <string>

#include <opencv2/core.hpp>

/// \file
/// \brief From the bytes of an image file to pixels, whatever the format.

namespace patchead::inline data_detail {

/// The pixels as PIL's convert("RGB") has them: CV_8UC3 in the order RGB, gray replicated, palettes
/// expanded, alpha dropped, Exif orientation not applied. Of 16 bits the high byte, gray or not.
/// Throws DataError with `name` if the file is damaged or its samples are not supported.
[[nodiscard]] cv::Mat decode_colours(const std::string& bytes, const std::string& name);

/// The numbers in the file, without alpha: of any depth, in one channel or three. For masks, and to
/// see what decoding to bytes loses.
[[nodiscard]] cv::Mat decode_samples(const std::string& bytes, const std::string& name);

/// The largest of the channels of each pixel on the scale of bytes, CV_32F: 16 bits are divided by
/// 257, real numbers of which none is above 1 multiplied by 255; other numbers stay.
[[nodiscard]] cv::Mat levels_of(const cv::Mat& samples);

}  // namespace patchead::inline data_detail
