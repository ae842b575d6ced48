#include <fmt/format.h>
#include <fmt/ranges.h>

#include "paper/cell_text.hpp"

namespace patchead {
namespace {

std::string markdown_marks(const PaperCell& cell) {
    std::string text = cell.outside ? " †" : "";
    for (const auto note : cell.notes) { text += fmt::format(" [{}]", note + 1); }
    return text;
}

/// "(95.0 ± 0.6; -0.2)", "(88.0, printed 84.3; +0.4)".
std::string markdown_beside(const PaperCellText& text) {
    if (text.paper.empty()) { return {}; }
    return fmt::format(" ({}{}{}{}{}{}{})", text.paper, text.paper_std.empty() ? "" : " ± ",
                       text.paper_std, text.printed.empty() ? "" : ", printed ", text.printed,
                       text.difference.empty() ? "" : "; ", text.difference);
}

std::string markdown_cell(const PaperCell& cell, bool quoted, bool counts) {
    const auto text = paper_cell_text(cell, quoted, counts);
    auto value = text.value;
    if (!text.std.empty()) { value += " ± " + text.std; }
    if (cell.best) { value = "**" + value + "**"; }
    return value + markdown_beside(text) + markdown_marks(cell);
}

std::string line_of(const std::vector<std::string>& cells) {
    return fmt::format("| {} |\n", fmt::join(cells, " | "));
}

std::string block_text(const PaperTable::Block& block, bool counts) {
    std::vector<std::string> heads;
    if (has_groups(block)) { heads.emplace_back(); }
    heads.insert(heads.end(), block.label_heads.begin(), block.label_heads.end());
    std::vector<std::string> rules(heads.size(), "---");
    for (const auto& head : block.heads) { heads.push_back(joined_heads(head)); }
    rules.resize(heads.size(), "---:");
    auto text = line_of(heads) + line_of(rules);
    for (const auto& row : block.rows) {
        std::vector<std::string> cells;
        if (has_groups(block)) { cells.push_back(row.group); }
        cells.insert(cells.end(), row.labels.begin(), row.labels.end());
        if (row.quoted) { cells[has_groups(block) ? 1 : 0] += " ‡"; }
        for (const auto& cell : row.cells) {
            cells.push_back(markdown_cell(cell, row.quoted, counts));
        }
        text += line_of(cells);
    }
    return text;
}

}  // namespace

std::string to_markdown(const PaperTable& table) {
    auto text = fmt::format("**{}. {}{}**\n", table.source, table.caption,
                            table.counts ? "" : ", in percent");
    for (const auto& block : table.blocks) {
        if (!block.title.empty()) { text += fmt::format("\n{}\n", block.title); }
        text.append("\n").append(block_text(block, table.counts));
    }
    for (std::size_t i = 0; i < table.notes.size(); ++i) {
        text += fmt::format("\n[{}] {}\n", i + 1, table.notes[i]);
    }
    for (const auto& note : table.footnotes) { text += fmt::format("\n{}\n", note); }
    return text;
}

}  // namespace patchead
