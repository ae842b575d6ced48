#pragma once

#include <filesystem>
#include <vector>

#include "patchead/core/files.hpp"

/// \file
/// \brief The files of a table. Private to the report layer.

namespace patchead::inline report_detail {

/// `<name>.md`, `.tex`, `.csv` and `.json` of each table, whole or not at all. A table has a `name`
/// and is what `to_markdown`, `to_latex`, `to_csv` and `to_json` take.
/// Throws CacheError that names the file.
template <class AnyTable>
void write_each(const std::filesystem::path& folder, const std::vector<AnyTable>& tables) {
    for (const auto& table : tables) {
        write_whole(folder / (table.name + ".md"), to_markdown(table));
        write_whole(folder / (table.name + ".tex"), to_latex(table));
        write_whole(folder / (table.name + ".csv"), to_csv(table));
        write_whole(folder / (table.name + ".json"), to_json(table));
    }
}

}  // namespace patchead::inline report_detail
