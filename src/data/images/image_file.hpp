#pragma once

#include <optional>
#include <string>
#include <string_view>

/// \file
/// \brief Whether the bytes of an image file are all there, told from its structure alone.
///
/// Decoders fill up what is missing and go on, or print to the terminal. So a file is looked
/// through from signature to end mark before it is decoded.

namespace patchead::inline data_detail {

/// What the header of an image file says.
struct ImageHeader {
    int height = 0;
    int width = 0;
    int bits = 8;           ///< Of a sample.
    int orientation = 1;    ///< Of Exif, where decoding does not apply it; 1: as stored.
    bool is_lossy = false;  ///< Compressed as JPEG.
};

/// The header of a file.
///
/// PNG: every chunk is present, has the right CRC, and IEND comes last (PNG 1.2, section 5).
/// JPEG: every segment is present and the end mark EOI comes (ITU T.81, annex B). BMP: all rows are
/// present. TIFF: the first directory is whole. WebP: the header. Of other formats nothing is
/// known, and there is no value. Throws DataError with `name` and the reason if something is
/// missing, damaged or not supported, or if the picture would be larger than `most_pixels()`.
[[nodiscard]] std::optional<ImageHeader> check_image_file(std::string_view bytes,
                                                          const std::string& name);

}  // namespace patchead::inline data_detail
