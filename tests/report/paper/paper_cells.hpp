#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "patchead/report/paper_tables.hpp"

/// \file
/// \brief Cells of a table of the paper and their notes, to be looked at.

namespace patchead {

using Texts = std::vector<std::string>;

inline PaperOptions only(const std::string& table) {
    PaperOptions options;
    options.tables = {table};
    return options;
}

inline PaperTable the_table(const Results& results, const PaperOptions& options) {
    auto report = make_paper_tables(results, options);
    EXPECT_EQ(report.tables.size(), 1U);
    return report.tables.at(0);
}

/// Of the row of `group` and first label, by column from 0.
inline PaperCell cell_at(const PaperTable& table, const std::string& group,
                         const std::string& label, std::size_t column) {
    for (const auto& block : table.blocks) {
        for (const auto& row : block.rows) {
            if (row.group == group && row.labels.front() == label) { return row.cells.at(column); }
        }
    }
    throw std::out_of_range(group + " " + label);
}

inline Texts notes_at(const PaperTable& table, const PaperCell& cell) {
    Texts notes;
    for (const auto note : cell.notes) { notes.push_back(table.notes.at(note)); }
    return notes;
}

}  // namespace patchead
