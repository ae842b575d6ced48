#pragma once

#include <string>
#include <string_view>

#include <opencv2/core.hpp>

/// \file
/// \brief Pictures turned as their cameras say. Private to the data layer.

namespace patchead::inline data_detail {

/// The Exif orientation of the file `bytes`, 1 to 8, where decoding does not apply it; 1: as
/// stored. Of JPEG, PNG and WebP; TIFF files are decoded upright. Throws DataError with `name` as
/// `check_image_file`.
[[nodiscard]] int orientation_of(std::string_view bytes, const std::string& name);

/// Whether height and width change places.
[[nodiscard]] constexpr bool lies_on_its_side(int orientation) { return orientation >= 5; }

/// `pixels` as they are to be seen (Exif 2.3, tag 0x0112).
[[nodiscard]] cv::Mat turned_upright(const cv::Mat& pixels, int orientation);

}  // namespace patchead::inline data_detail
