#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// \file
/// \brief Paths without what differs from file to file, so that layouts show.

namespace patchead::inline data_detail {

/// ASCII letters in lower case, whatever the locale.
[[nodiscard]] std::string lower_case(std::string text);

/// Where the part of `path` begins that says what a file is for: at the first folder whose name is
/// that of a split, of images, masks or labels; at the name of the file if there is none.
[[nodiscard]] std::size_t begin_of_shape(std::string_view path);

/// `path` with "#" for each number in the name of its file. Folders keep theirs.
[[nodiscard]] std::string shape_of(std::string_view path);

}  // namespace patchead::inline data_detail
