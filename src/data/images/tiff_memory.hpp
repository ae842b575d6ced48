#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <tiffio.h>

/// \file
/// \brief TIFF files in memory, opened with libtiff.

namespace patchead::inline data_detail {

/// The bytes of a file and the place that libtiff has reached.
struct TiffMemory {
    std::string_view bytes;
    std::size_t at = 0;
};

using TiffHandle = std::unique_ptr<TIFF, decltype(&TIFFClose)>;

/// Null if the file cannot be opened. `memory` must stay where it is. libtiff prints nothing.
[[nodiscard]] TiffHandle open_tiff(TiffMemory& memory, const std::string& name);

/// What libtiff last complained of in this thread, since the last `open_tiff`.
[[nodiscard]] std::string last_tiff_error();

}  // namespace patchead::inline data_detail
