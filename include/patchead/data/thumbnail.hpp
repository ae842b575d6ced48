#pragma once

#include <string>

#include "patchead/core/types.hpp"

/// \file
/// \brief Images and masks made small, as the bytes of a file: to look at, not to compute with.

namespace patchead {

/// `image` as JPEG, shrunk (never enlarged) so that its longer side is at most `side_px`.
[[nodiscard]] std::string jpeg_thumbnail(const Image& image, int side_px);

/// `mask` as PNG of the same size as the thumbnail of its image: 255 wherever any part of the pixel
/// is anomalous, so that no defect vanishes, else 0.
[[nodiscard]] std::string png_thumbnail(const Mask& mask, int side_px);

}  // namespace patchead
