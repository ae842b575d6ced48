#pragma once

#include <string>
#include <string_view>

#include <opencv2/core.hpp>

#include "images/image_file.hpp"

/// \file
/// \brief TIFF files, read with libtiff itself.
///
/// OpenCV reads TIFF, too, but multiplies colours by alpha, shows damaged data as black and prints
/// what it does not know. Here colours are those of PIL's convert("RGB"), upright as PIL shows
/// them: of all formats TIFF alone has its orientation as a tag of its own, and readers apply it.

namespace patchead::inline data_detail {

[[nodiscard]] bool is_tiff(std::string_view bytes);

/// The header of the first picture. Throws DataError with `name` if its directory is damaged.
[[nodiscard]] ImageHeader tiff_header(std::string_view bytes, const std::string& name);

/// Its colours, CV_8UC3 in the order RGB: gray replicated, palette expanded, CMYK converted, alpha
/// dropped (colours that the file holds multiplied by alpha are divided by it), the high byte of
/// 16 bits. Throws DataError with `name` if data is damaged, or samples have a sign, are real or
/// have a depth other than 1, 2, 4, 8 or 16 bits.
[[nodiscard]] cv::Mat tiff_colours(std::string_view bytes, const std::string& name);

/// Its samples without alpha, as wide as in the file: 8 bits as shown (gray and palettes become
/// RGB), else CV_16U, or CV_64F for numbers with a sign, of more bits, and real ones.
/// Throws DataError with `name` if data is damaged, or samples are complex or of another depth.
[[nodiscard]] cv::Mat tiff_samples(std::string_view bytes, const std::string& name);

}  // namespace patchead::inline data_detail
