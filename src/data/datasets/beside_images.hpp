#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

/// \file
/// \brief Masks that lie in the folder of their images.

namespace patchead::inline data_detail {

/// An image and the mask beside it.
struct ImageWithMask {
    std::filesystem::path image;
    std::filesystem::path mask;
};

/// How a mask is told from an image: the end of its name, whatever its case, e.g. "_GT.png", and
/// the end in whose place it stands, e.g. ".png".
struct MaskEnding {
    std::string_view mask;
    std::string_view image;
};

/// The images of `folder` with their masks, sorted bytewise by image.
/// Throws DataError that names an image without mask or a mask without image.
[[nodiscard]] std::vector<ImageWithMask> images_with_masks(const std::filesystem::path& folder,
                                                           const MaskEnding& ending);

/// Whether any pixel of the mask of an image is anomalous. Reads both files. Throws DataError.
[[nodiscard]] bool shows_defect(const ImageWithMask& pair);

}  // namespace patchead::inline data_detail
