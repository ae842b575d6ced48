#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "paper/measure.hpp"
#include "patchead/report/paper_tables.hpp"
#include "tables/cells.hpp"

/// \file
/// \brief Cells by their names. Private to the report layer.

namespace patchead::inline report_detail {

/// A cell and what it is made from.
struct NamedCell {
    std::string source;
    std::vector<std::pair<std::string, std::string>> labels;
    Cell cell;
    std::vector<CellRuns> runs;  ///< Empty if the cell is quoted or counted.
    std::optional<PaperCell> paper;
};

/// What cells are found in.
struct CellSources {
    const Results& results;
    const PaperOptions& options;
    const PaperMeasure& measure;  ///< Of the two; what is found points into its runs.
};

/// See `explain`. Throws ConfigError.
[[nodiscard]] NamedCell find_cell(const CellSources& from, const std::string& name);

/// The same for tables of the paper only; `table` is its name, "table1".
[[nodiscard]] NamedCell find_paper_cell(const CellSources& from, const std::string& table,
                                        const std::string& name);

/// Place of `name` in `names`. Throws ConfigError that says how far it is right, and how the names
/// go on from there.
[[nodiscard]] std::size_t place_of_name(const std::vector<std::string>& names,
                                        const std::string& name);

}  // namespace patchead::inline report_detail
