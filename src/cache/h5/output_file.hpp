#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "h5/h5.hpp"

/// \file
/// \brief New HDF5 files, for which a full disk is an error message and not a crash. Private.

namespace patchead::h5 {

/// Makes the HDF5 file `path` whole or not at all: `fill` gets its root group.
///
/// The same content gives the same bytes: no time stamps, layout of HDF5 1.8. Data sets of 2 MiB
/// and more start at a multiple of that (a stripe of a parallel file system).
///
/// If the system could not write (`SystemFile`), the temporary file is removed.
///
/// Throws CacheError with the file, the reason and the mend.
void write_file(const std::filesystem::path& path, const std::function<void(hid_t root)>& fill);

/// The bytes of such a file, made in memory and without stripes; `name` is for messages.
[[nodiscard]] std::string write_bytes(const std::filesystem::path& name,
                                      const std::function<void(hid_t root)>& fill);

}  // namespace patchead::h5
