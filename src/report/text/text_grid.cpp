#include "text/text_grid.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace patchead::inline report_detail {
namespace {

/// Characters of UTF-8 text: bytes that do not continue another.
std::size_t width(const std::string& text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

/// Whether a name has HTML at `at`, which Markdown would take for it.
bool begins_markup(const std::string& text, std::size_t at) {
    const char next = at + 1 < text.size() ? text[at + 1] : ' ';
    return text[at] == '<' && (next == '/' || next == '!' || (next >= 'A' && next <= 'z'));
}

}  // namespace

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

std::string in_one_line(const std::string& text) {
    std::string line;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '|' || begins_markup(text, i)) { line += '\\'; }
        line += c == '\n' || c == '\r' ? ' ' : c;
    }
    return line;
}

std::string Footnotes::mark(const std::string& note) {
    if (note.empty()) { return {}; }
    auto found = std::ranges::find(notes_, note);
    if (found == notes_.end()) { found = notes_.insert(found, note); }
    return fmt::format(" [{}]", found - notes_.begin() + 1);
}

std::vector<std::string> Footnotes::all(const std::vector<std::string>& general) const {
    std::vector<std::string> notes;
    for (std::size_t i = 0; i < notes_.size(); ++i) {
        notes.push_back(fmt::format("[{}] {}", i + 1, in_one_line(notes_[i])));
    }
    for (const auto& note : general) { notes.push_back(in_one_line(note)); }
    return notes;
}

std::string Footnotes::text(const std::vector<std::string>& general) const {
    std::string text;
    for (const auto& note : all(general)) { text += fmt::format("\n{}\n", note); }
    return text;
}

std::string grid(const std::vector<TextColumn>& columns, std::size_t rows) {
    std::vector<std::string> lines(rows + 2, "|");
    for (const auto& column : columns) {
        std::size_t widest = std::max<std::size_t>(width(column.name), 3);
        for (const auto& cell : column.cells) { widest = std::max(widest, width(cell)); }
        const auto padded = [&](const std::string& text) {
            const std::string space(widest - width(text), ' ');
            return fmt::format(" {} |", column.right ? space + text : text + space);
        };
        lines[0] += padded(column.name);
        lines[1] += std::string(widest + 1, '-') + (column.right ? ":|" : "-|");
        for (std::size_t i = 0; i < rows; ++i) { lines[i + 2] += padded(column.cells[i]); }
    }
    return fmt::format("{}\n", fmt::join(lines, "\n"));
}

std::string percent_table(const std::string& caption, std::vector<TextColumn> labels,
                          std::vector<TextColumn> values, std::size_t rows) {
    const auto constant = take_constant(labels);
    std::ranges::move(values, std::back_inserter(labels));
    return fmt::format("**{}, in percent**\n\n{}{}{}", caption, constant,
                       constant.empty() ? "" : "\n\n", grid(labels, rows));
}

}  // namespace patchead::inline report_detail
