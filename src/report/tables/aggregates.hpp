#pragma once

#include <set>
#include <string>
#include <vector>

#include "tables/cells.hpp"

/// \file
/// \brief What a summary says beside means over categories. Private to the report layer.

namespace patchead::inline report_detail {

/// Appends what `columns` ask for to the cells of a row.
void add_aggregates(const RunsBySeed& runs, const std::set<std::string>& categories,
                    const TableColumns& columns, Spread spread, std::vector<Cell>& cells);

/// The names of those columns.
void add_aggregate_columns(const TableColumns& columns, Table& table);

}  // namespace patchead::inline report_detail
