#pragma once

#include <filesystem>
#include <utility>

#include "patchead/core/types.hpp"

/// \file
/// \brief Reading images and masks.

namespace patchead {

/// The pixels of a sample's image: RGB, gray replicated, palette expanded, alpha dropped, no EXIF
/// rotation (masks are stored in file orientation), the crop rows cut out. Of 16-bit pixels the
/// high byte is taken.
///
/// PNG, JPEG and BMP files are checked to their end before they are decoded, since decoders fill
/// up what is missing and go on. Throws DataError that names the file if it is missing, is
/// damaged or cut short, cannot be decoded, or the crop lies outside it.
[[nodiscard]] Image read_image(const Sample& sample);

/// The ground truth of a sample at the size of its image: 1 where the mask file is > 0, decided
/// in any colour channel (alpha is no channel), whatever the depth, before any resize; all zero if
/// the sample has no mask. `height` and `width` are the decoded
/// image's.
/// Throws DataError that names the file if it is missing, damaged, cannot be decoded, or its size
/// is not the image's.
[[nodiscard]] Mask read_mask(const Sample& sample, int height, int width);

/// Height and width of a sample's image without decoding its pixels where the format allows
/// (crop rows applied). Throws DataError as read_image.
[[nodiscard]] std::pair<int, int> image_size(const Sample& sample);

/// Writes `image` as PNG, whole or not at all; the same bytes every time (compression knows no
/// threads). Throws CacheError as `write_whole`.
void write_png(const std::filesystem::path& path, const Image& image);

/// Writes `mask` as an 8-bit PNG of 0 and 255.
void write_png(const std::filesystem::path& path, const Mask& mask);

}  // namespace patchead
