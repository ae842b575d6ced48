#pragma once

#include <cstddef>
#include <filesystem>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

/// \file
/// \brief Everything below a folder that a person would see there.

namespace patchead::inline data_detail {

/// Paths are relative to `root`, with '/' between, in bytewise order of a walk. Hidden files and
/// what systems leave behind (`__MACOSX`, `Thumbs.db`) are left out.
struct Tree {
    std::filesystem::path root;
    std::vector<std::string> files;       ///< Of every kind.
    std::vector<std::string> folders;     ///< Each before what is in it.
    std::vector<std::string> unreadable;  ///< Folders that cannot be listed.
};

/// Walks `root`; a folder that is reached twice, through a link, is walked once. Stops after
/// `most_files`: who only wants to name a layout need not see a whole disk.
[[nodiscard]] Tree list_tree(const std::filesystem::path& root,
                             std::size_t most_files = std::numeric_limits<std::size_t>::max());

/// "a/b/c.png" gives "a/b" and "c.png"; "c.png" gives "" and "c.png".
[[nodiscard]] std::string_view folder_part(std::string_view path);
[[nodiscard]] std::string_view name_part(std::string_view path);

/// Whether `path` is `folder` or lies in it; everything lies in "".
[[nodiscard]] bool lies_in(std::string_view path, std::string_view folder);

}  // namespace patchead::inline data_detail
