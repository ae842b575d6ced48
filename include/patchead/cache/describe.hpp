#pragma once

#include <filesystem>
#include <string>

/// \file
/// \brief What is in HDF5 files, for people.

namespace patchead {

/// What is in an artifact, a results file or any HDF5 file: attributes, data sets with shape and
/// type, checksum state, and a few numbers of each. Text for a terminal.
/// Throws CacheError if `file` is no HDF5 file.
[[nodiscard]] std::string describe_file(const std::filesystem::path& file);

/// Version of the HDF5 library.
[[nodiscard]] std::string hdf5_version();

}  // namespace patchead
