#pragma once

#include <string>
#include <string_view>

#include "images/image_file.hpp"

/// \file
/// \brief WebP files, as far as their header goes. Private to the data layer.

namespace patchead::inline data_detail {

[[nodiscard]] bool is_webp(std::string_view bytes);

/// Size and orientation. Throws DataError with `name` if the file has no picture or ends early.
/// Source: RFC 9649 (WebP), sections 2 and 3; RFC 6386 (VP8), section 9.1.
[[nodiscard]] ImageHeader webp_header(std::string_view bytes, const std::string& name);

}  // namespace patchead::inline data_detail
