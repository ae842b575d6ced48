#include <fmt/format.h>

#include "patchead/report/tables.hpp"
#include "tables/best.hpp"
#include "text/latex.hpp"
#include "text/percent.hpp"
#include "text/text_grid.hpp"

namespace patchead {
namespace {

std::string cell_text(const Cell& cell, Footnotes& footnotes) {
    auto text = percent_with_std(cell);
    if (cell.interval) {
        text += fmt::format(" ({}–{})", percent(cell.interval->low), percent(cell.interval->high));
    }
    return text + footnotes.mark(cell.note);
}

/// Columns that say what a row is: its labels, and how many seeds are behind it.
std::vector<TextColumn> row_columns(const Table& table) {
    std::vector<TextColumn> columns;
    for (const auto& name : table.row_columns) { columns.push_back({name, {}, false}); }
    TextColumn seeds{"seeds", {}, false};
    for (const auto& row : table.rows) {
        for (std::size_t i = 0; i < row.labels.size(); ++i) {
            columns[i].cells.push_back(in_one_line(row.labels[i]));
        }
        seeds.cells.push_back(std::to_string(row.seeds()));
    }
    columns.push_back(seeds);
    return columns;
}

/// Filled row by row, so that footnotes are numbered as they are met.
std::vector<TextColumn> value_columns(const Table& table, Footnotes& footnotes) {
    std::vector<TextColumn> columns;
    for (const auto& name : table.value_columns) { columns.push_back({name, {}, true}); }
    for (const auto& row : table.rows) {
        for (std::size_t i = 0; i < row.cells.size(); ++i) {
            if (row.cells[i].best) { columns[i].bold.insert(columns[i].cells.size()); }
            columns[i].cells.push_back(cell_text(row.cells[i], footnotes));
        }
    }
    return columns;
}

}  // namespace

std::string to_markdown(const Table& table) {
    Footnotes footnotes;
    const auto text = percent_table(table.caption, row_columns(table),
                                    value_columns(table, footnotes), table.rows.size());
    return text + footnotes.text(table.footnotes);
}

std::string to_latex(const Table& table) {
    Footnotes footnotes;
    const auto values = value_columns(table, footnotes);
    auto notes = footnotes.all(table.footnotes);
    notes.push_back(best_footnote());
    return latex_table(table.name, table.caption, row_columns(table), values, table.rows.size(),
                       notes);
}

}  // namespace patchead
