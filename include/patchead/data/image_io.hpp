#pragma once

#include <filesystem>
#include <span>
#include <utility>
#include <vector>

#include "patchead/core/types.hpp"

/// \file
/// \brief Reading images and masks.

namespace patchead {

/// The pixels of a sample's image as PIL's convert("RGB") has them: gray replicated, palette
/// expanded, alpha dropped, no EXIF rotation unless the sample is to be upright (masks are stored
/// in file orientation; a TIFF is shown upright, as every reader does), the crop rows cut out. Of
/// 16-bit pixels the high byte is taken, of gray ones, too.
///
/// Files are checked to their end before they are decoded, since decoders fill up what is missing
/// and go on. Throws DataError that names the file if it is missing, is damaged or cut short,
/// cannot be decoded, has samples with a sign, real ones or ones of more than 16 bits, or the crop
/// lies outside it.
[[nodiscard]] Image read_image(const Sample& sample);

/// The ground truth of a sample at the size of its image: 1 where the mask file is above
/// `threshold` in any colour channel (alpha is no channel), before any resize; all zero if the
/// sample has no mask. The threshold is on the scale 0 to 255 of bytes: 16-bit values are divided
/// by 257, real ones of which none is above 1 are multiplied by 255, other numbers are taken as
/// they are. `height` and `width` are the decoded image's.
/// Throws DataError that names the file if it is missing, damaged, cannot be decoded, or its size
/// is not the image's.
[[nodiscard]] Mask read_mask(const Sample& sample, int height, int width, double threshold = 0);

/// A mask file of a sample and the saturation area of its defect, in pixels of the file or as a
/// share of them.
struct RegionMask {
    Mask mask;
    Saturation saturation;
};

/// The mask files of a sample one by one, as `read_mask`; none of one without mask. Throws
/// DataError, too, that names a file with several levels above `threshold`, or one that
/// `Sample::saturation` has no area for.
[[nodiscard]] std::vector<RegionMask> read_region_masks(const Sample& sample, int height, int width,
                                                        double threshold = 0);

/// Height and width of a sample's image without decoding its pixels where the format allows
/// (crop rows applied). Throws DataError as read_image.
[[nodiscard]] std::pair<int, int> image_size(const Sample& sample);

/// Whether `read_image` turns or flips the picture, as its camera said. Throws as read_image.
[[nodiscard]] bool is_turned_by_exif(const Sample& sample);

/// Fills in the sizes of images, on so many threads. Throws as image_size.
void read_sizes(std::span<Sample> samples, int threads);

/// Writes `image` as PNG, whole or not at all; the same bytes every time (compression knows no
/// threads). Throws CacheError as `write_whole`.
void write_png(const std::filesystem::path& path, const Image& image);

/// Writes `mask` as an 8-bit PNG of 0 and 255.
void write_png(const std::filesystem::path& path, const Mask& mask);

}  // namespace patchead
