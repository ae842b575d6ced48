#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "patchead/report/tables.hpp"
#include "percent.hpp"

namespace patchead {
namespace {

/// A column as it is printed.
struct TextColumn {
    std::string name;
    std::vector<std::string> cells;
    bool right = false;  ///< Numbers stand at the right.
};

/// Characters of UTF-8 text: bytes that do not continue another.
std::size_t width(const std::string& text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

/// `text` with what would end a cell or a line of Markdown taken care of.
std::string in_one_line(const std::string& text) {
    std::string line;
    for (const char c : text) {
        if (c == '|') { line += '\\'; }
        line += c == '\n' || c == '\r' ? ' ' : c;
    }
    return line;
}

/// Notes of cells, numbered from 1 in the order of their first use.
class Footnotes {
  public:
    std::string mark(const std::string& note) {
        if (note.empty()) { return {}; }
        auto found = std::ranges::find(notes_, note);
        if (found == notes_.end()) { found = notes_.insert(found, note); }
        return fmt::format(" [{}]", found - notes_.begin() + 1);
    }

    [[nodiscard]] std::string text(const std::vector<std::string>& general) const {
        std::string text;
        for (std::size_t i = 0; i < notes_.size(); ++i) {
            text += fmt::format("\n[{}] {}\n", i + 1, in_one_line(notes_[i]));
        }
        for (const auto& note : general) { text += fmt::format("\n{}\n", in_one_line(note)); }
        return text;
    }

  private:
    std::vector<std::string> notes_;
};

std::string cell_text(const Cell& cell, Footnotes& footnotes) {
    auto text = cell.mean ? percent(*cell.mean) : std::string("–");
    if (cell.seeds > 1) { text += " ± " + percent(cell.std); }
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
            columns[i].cells.push_back(cell_text(row.cells[i], footnotes));
        }
    }
    return columns;
}

/// Takes columns that are the same in every row out of `columns`: "backbone mae, seeds 3".
std::string take_constant(std::vector<TextColumn>& columns) {
    std::vector<std::string> texts;
    std::erase_if(columns, [&](const TextColumn& column) {
        const auto& cells = column.cells;
        const bool constant =
            cells.size() > 1 && std::ranges::count(cells, cells.front()) == std::ssize(cells);
        if (constant) { texts.push_back(column.name + " " + cells.front()); }
        return constant;
    });
    return fmt::format("{}", fmt::join(texts, ", "));
}

std::string grid(const std::vector<TextColumn>& columns, std::size_t rows) {
    std::vector<std::string> lines(rows + 2, "|");
    for (const auto& column : columns) {
        std::size_t widest = std::max<std::size_t>(width(column.name), 3);
        for (const auto& cell : column.cells) { widest = std::max(widest, width(cell)); }
        const auto padded = [&](const std::string& text) {
            const std::string space(widest - width(text), ' ');
            return " " + (column.right ? space + text : text + space) + " |";
        };
        lines[0] += padded(column.name);
        lines[1] += std::string(widest + 1, '-') + (column.right ? ":|" : "-|");
        for (std::size_t i = 0; i < rows; ++i) { lines[i + 2] += padded(column.cells[i]); }
    }
    return fmt::format("{}\n", fmt::join(lines, "\n"));
}

}  // namespace

std::string to_markdown(const Table& table) {
    Footnotes footnotes;
    auto columns = row_columns(table);
    const auto constant = take_constant(columns);
    for (auto& column : value_columns(table, footnotes)) { columns.push_back(std::move(column)); }
    return fmt::format("**{}, in percent**\n\n{}{}{}{}", table.caption, constant,
                       constant.empty() ? "" : "\n\n", grid(columns, table.rows.size()),
                       footnotes.text(table.footnotes));
}

}  // namespace patchead
