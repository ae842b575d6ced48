#pragma once

#include <set>
#include <string>
#include <vector>

#include "tables/cells.hpp"

/// \file
/// \brief Which of several cells is the best, where that is sure. Private to the report layer.

namespace patchead::inline report_detail {

/// Marks, of cells that are means of the same categories and metric, the one that is surely the
/// best: the highest, if its lead over each other `is_sure`. `cells[i]` is made of `runs[i]`.
void mark_best(const std::vector<const RunsBySeed*>& runs, const std::set<std::string>& categories,
               const std::string& metric, const std::vector<Cell*>& cells);

/// The same rule, as the note of a table.
[[nodiscard]] std::string best_footnote();

}  // namespace patchead::inline report_detail
