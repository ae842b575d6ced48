#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

/// \file
/// \brief Files that appear whole or not at all.

namespace patchead {

/// Lets `write` make a file under a temporary name in the folder of `path` (`<path>.tmp.<host>.
/// <pid>.<count>`), flushes it to disk, renames it to `path` and flushes the folder.
///
/// Missing folders are made. If `write` throws, or the disk is full, the temporary file is removed
/// and nothing appears under `path`. Throws CacheError with the file, the system's reason and what
/// to do.
void write_whole(const std::filesystem::path& path,
                 const std::function<void(const std::filesystem::path& temporary)>& write);

/// The same for a text that is at hand.
void write_whole(const std::filesystem::path& path, std::string_view text);

/// All bytes of `path`. Throws DataError with the file and the system's reason.
[[nodiscard]] std::string read_text(const std::filesystem::path& path);

/// Makes `folder` and its parents and checks that a file can be written there.
/// Throws CacheError with the folder, the system's reason and what to do.
void require_writable(const std::filesystem::path& folder);

}  // namespace patchead
