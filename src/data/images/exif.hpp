#pragma once

#include <string_view>

/// \file
/// \brief The orientation that a camera wrote into a picture (Exif 2.3, tag 0x0112).

namespace patchead::inline data_detail {

/// 1 to 8 from the Exif block `tiff` (a TIFF header and its first directory); 1 (as stored) where
/// there is none or the block is not in order.
[[nodiscard]] int exif_orientation(std::string_view tiff);

}  // namespace patchead::inline data_detail
