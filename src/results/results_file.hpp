#pragma once

#include <string>

#include "patchead/cache/table_file.hpp"
#include "patchead/results/results.hpp"

/// \file
/// \brief Results as groups of columns: the layout of docs/results.md. Private to the results
/// layer.

namespace patchead::inline results_detail {

/// Throws DataError if a row's ids, labels and scores differ in number.
[[nodiscard]] TableFile to_table_file(const Results& results);

/// Throws CacheError that names `file` if the table is not one of results or speaks of points or
/// images that are not there.
[[nodiscard]] Results from_table_file(const std::string& file, const TableFile& table);

}  // namespace patchead::inline results_detail
