#pragma once

#include <filesystem>
#include <span>
#include <string>

/// \file
/// \brief Archives of files, tar and gzip.

namespace patchead {

/// A file of an archive: its name in there, with '/' between folders, and where it lies.
struct ArchivedFile {
    std::string name;
    std::filesystem::path file;
};

/// Writes `files`, in their order, as a tar archive (POSIX ustar) that is compressed by gzip: whole
/// or not at all. Owners, times and permissions are those of nobody, so that the same files give
/// the same bytes on one kind of processor; elsewhere compression may differ, what it holds does
/// not. Files are read piece by piece.
/// Throws DataError for a name of more than 100 bytes or a file of 8 GiB or more, UnreadableError
/// for a file that cannot be read, CacheError as `write_whole`.
/// Source: IEEE Std 1003.1, pax: ustar interchange format; RFC 1952.
void write_tar_gz(const std::filesystem::path& archive, std::span<const ArchivedFile> files);

}  // namespace patchead
