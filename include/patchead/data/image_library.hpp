#pragma once

#include <string>

/// \file
/// \brief Settings and version of the library behind decoding and drawing.

namespace patchead {

/// Uses `threads` threads for image work of this process.
void set_image_threads(int threads);

/// Version of OpenCV.
[[nodiscard]] std::string image_library_version();

}  // namespace patchead
