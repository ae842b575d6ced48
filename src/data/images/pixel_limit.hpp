#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

/// \file
/// \brief Sizes that files claim. Private to the data layer.

namespace patchead::inline data_detail {

/// Throws DataError with `name` if a picture of this size would be larger than `most_pixels()`, has
/// no pixels, or more than any format here packs into a file of so many bytes (small ones may).
void require_pixels(std::int64_t height, std::int64_t width, std::size_t file_bytes,
                    const std::string& name);

}  // namespace patchead::inline data_detail
