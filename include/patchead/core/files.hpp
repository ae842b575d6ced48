#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

/// \file
/// \brief Files that appear whole or not at all.

namespace patchead {

/// Lets `write` make a file under a temporary name in the folder of `path` (`<path>.tmp.<host>.
/// <pid>.<count>`, see `process_token`), flushes it to disk, renames it to `path` and flushes the
/// folder.
///
/// Missing folders are made. If `write` throws, or the disk is full, the temporary file is removed
/// and nothing appears under `path`. Throws CacheError (DiskError if no other file could be written
/// there either) with the file, the system's reason and what to do.
void write_whole(const std::filesystem::path& path,
                 const std::function<void(const std::filesystem::path& temporary)>& write);

/// The same for a text that is at hand.
void write_whole(const std::filesystem::path& path, std::string_view text);

/// Throws the error that `write_whole` throws when the system gives `error` (of errno).
[[noreturn]] void fail_to_write(const std::filesystem::path& path, int error);

/// Throws UnreadableError with the file, the system's reason (`error`, of errno) and what to do.
/// What is in the file is not known then: nobody may rename or remove it for that.
[[noreturn]] void fail_to_read(const std::filesystem::path& path, int error);

/// What `work` returns. Where std::filesystem could not look at something, throws the error of
/// `fail_to_read` for it.
template <class Work>
decltype(auto) naming_unreadable(Work&& work) {
    try {
        return std::forward<Work>(work)();
    } catch (const std::filesystem::filesystem_error& error) {
        fail_to_read(error.path1(), error.code().value());
    }
}

/// Gives the bytes of `path` to `take`, piece by piece. Throws as `fail_to_read`.
void read_pieces(const std::filesystem::path& path,
                 const std::function<void(std::string_view piece)>& take);

/// All bytes of `path`. Throws as `fail_to_read`.
[[nodiscard]] std::string read_text(const std::filesystem::path& path);

/// Makes `folder` and its parents and checks that a file can be written there.
/// Throws CacheError with the folder, the system's reason and what to do.
void require_writable(const std::filesystem::path& folder);

/// The time by the clock of the machine that keeps `folder` (clocks of a cluster differ); the least
/// there is, by which nothing is old, if nothing can be written there.
[[nodiscard]] std::filesystem::file_time_type time_of_disk(const std::filesystem::path& folder);

/// Temporary files of `write_whole` that were found.
struct Leftovers {
    std::size_t removed = 0;
    std::size_t kept = 0;  ///< Their writers may live.
};

/// Removes temporary files in `folder` and below whose writers are gone: dead processes of this
/// machine, and on others whatever nobody has written to for `age`. Others may go on working there.
Leftovers remove_leftovers(const std::filesystem::path& folder,
                           std::chrono::seconds age = std::chrono::hours(1));

}  // namespace patchead
