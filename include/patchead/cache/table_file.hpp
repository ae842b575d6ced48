#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <variant>
#include <vector>

/// \file
/// \brief An HDF5 file of named columns, for results that people open with h5py or pandas.

namespace patchead {

/// A column: all of one type and length within its group.
using Column = std::variant<std::vector<std::string>, std::vector<double>, std::vector<float>,
                            std::vector<std::int64_t>, std::vector<std::uint8_t>>;

/// Groups of columns (`/group/column`, each a 1-d data set) and text attributes of the file.
///
/// Names are not empty and hold no '/', texts no zero byte; the attributes `format`, `schema`,
/// `complete` and `crc32c` are the file's own.
struct TableFile {
    std::map<std::string, std::string> attributes;
    std::map<std::string, std::map<std::string, Column>> groups;
};

/// Writes `table` whole or not at all; the same bytes for the same content (no time stamps).
/// Throws CacheError with the file, the reason and the mend.
void write_table_file(const std::filesystem::path& path, const TableFile& table);

/// Reads what `write_table_file` wrote. Throws CacheError.
[[nodiscard]] TableFile read_table_file(const std::filesystem::path& path);

}  // namespace patchead
