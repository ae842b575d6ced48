#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

/// \file
/// \brief Folders as data sets need them: in bytewise order, without what is no data.

namespace patchead::inline data_detail {

/// Whether `path` is a folder; false if it does not exist.
[[nodiscard]] bool is_folder(const std::filesystem::path& path);

/// Whether the names in `folder` may be read. What is above a data root often may not.
[[nodiscard]] bool can_list(const std::filesystem::path& folder);

/// Names of the folders in `folder`, sorted bytewise, hidden ones left out.
/// Throws DataError if `folder` cannot be listed.
[[nodiscard]] std::vector<std::string> subfolders(const std::filesystem::path& folder);

/// Names of everything in `folder` that is no folder, of every kind; else as `subfolders`.
[[nodiscard]] std::vector<std::string> files_in(const std::filesystem::path& folder);

/// Whether the suffix says that `file` is an image that is read here.
[[nodiscard]] bool has_image_suffix(const std::filesystem::path& file);

/// The image files in `folder` (by suffix: png, jpg, jpeg, bmp, tif, tiff, in any case), sorted
/// bytewise by name, hidden ones left out. Throws DataError if `folder` cannot be listed.
[[nodiscard]] std::vector<std::filesystem::path> image_files(const std::filesystem::path& folder);

/// Whether two names differ at most in the case of ASCII letters.
[[nodiscard]] bool same_in_any_case(std::string_view a, std::string_view b);

/// The folder `folder/name`, or, if there is none, the first one whose name differs in case alone;
/// else `folder/name`, which then does not exist.
[[nodiscard]] std::filesystem::path child_in_any_case(const std::filesystem::path& folder,
                                                      std::string_view name);

/// Which image files there are. A folder is listed once, when a file in it is first asked for:
/// looking up each file on its own takes long on a network file system.
class ImageListings {
  public:
    /// False too if the folder of `file` does not exist. Throws DataError if it cannot be listed.
    [[nodiscard]] bool contains(const std::filesystem::path& file);

  private:
    std::unordered_set<std::string> folders_;
    std::unordered_set<std::string> files_;
};

}  // namespace patchead::inline data_detail
