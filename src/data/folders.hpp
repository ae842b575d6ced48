#pragma once

#include <filesystem>
#include <string>
#include <vector>

/// \file
/// \brief Folders as data sets need them: in bytewise order, without what is no data.

namespace patchead {

/// Whether `path` is a folder; false if it does not exist.
[[nodiscard]] bool is_folder(const std::filesystem::path& path);

/// Whether the names in `folder` may be read. What is above a data root often may not.
[[nodiscard]] bool can_list(const std::filesystem::path& folder);

/// Names of the folders in `folder`, sorted bytewise, hidden ones left out.
/// Throws DataError if `folder` cannot be listed.
[[nodiscard]] std::vector<std::string> subfolders(const std::filesystem::path& folder);

/// The image files in `folder` (by suffix: png, jpg, jpeg, bmp, tif, tiff, in any case), sorted
/// bytewise by name, hidden ones left out. Throws DataError if `folder` cannot be listed.
[[nodiscard]] std::vector<std::filesystem::path> image_files(const std::filesystem::path& folder);

}  // namespace patchead
