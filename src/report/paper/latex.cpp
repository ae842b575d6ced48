#include <algorithm>
#include <span>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "paper/cell_text.hpp"
#include "text/latex.hpp"

namespace patchead {
namespace {

/// A cell: ours above, smaller below it the paper's and the difference.
constexpr std::string_view kCommands =
    "\\providecommand{\\patcheadcell}[2]{\\begin{tabular}[t]{@{}c@{}}#1\\\\[-3pt]"
    "{\\tiny #2}\\end{tabular}}\n";

std::string with_std(const std::string& value, const std::string& std) {
    return std.empty() ? latex_escaped(value)
                       : fmt::format("{}$_{{\\pm {}}}$", latex_escaped(value), std);
}

std::string latex_beside(const PaperCellText& text) {
    auto latex = with_std(text.paper, text.paper_std);
    if (!text.printed.empty()) { latex += ", printed " + text.printed; }
    if (!text.difference.empty()) { latex += fmt::format("; ${}$", text.difference); }
    return latex;
}

std::string latex_marks(const PaperCell& cell) {
    std::vector<std::string> marks;
    if (cell.outside) { marks.emplace_back("$\\dagger$"); }
    for (const auto note : cell.notes) { marks.push_back(std::to_string(note + 1)); }
    return marks.empty() ? "" : fmt::format("\\textsuperscript{{{}}}", fmt::join(marks, ","));
}

std::string latex_cell(const PaperCell& cell, bool quoted, bool counts) {
    const auto text = paper_cell_text(cell, quoted, counts);
    auto value = with_std(text.value, text.std);
    if (cell.best) {
        value = fmt::format("\\textbf{{{}}}{}", text.value,
                            text.std.empty() ? "" : fmt::format("$_{{\\pm {}}}$", text.std));
    }
    value += latex_marks(cell);
    if (text.paper.empty()) { return value; }
    return fmt::format("\\patcheadcell{{{}}}{{{}}}", value, latex_beside(text));
}

/// The heads at one `level`; equal neighbours under equal heads above are one wide head.
std::string head_line(const PaperTable::Block& block, std::size_t level, std::size_t levels) {
    const bool last = level + 1 == levels;
    std::string text;
    std::string rules;
    std::size_t column = block.label_heads.size();
    for (std::size_t i = 0; i < block.label_heads.size(); ++i) {
        if (i > 0) { text += " & "; }
        if (last) { text += latex_escaped(block.label_heads[i]); }
    }
    for (std::size_t first = 0; first < block.heads.size();) {
        const auto same = [&](std::size_t other) {
            return std::equal(block.heads[first].begin(),
                              block.heads[first].begin() + std::ptrdiff_t(level) + 1,
                              block.heads[other].begin());
        };
        auto end = first + 1;
        while (!last && end < block.heads.size() && same(end)) { ++end; }
        text += fmt::format(" & \\multicolumn{{{}}}{{c}}{{{}}}", end - first,
                            latex_escaped(block.heads[first][level]));
        if (!last && !block.heads[first][level].empty()) {
            rules += fmt::format("\\cmidrule(lr){{{}-{}}}", column + first + 1, column + end);
        }
        first = end;
    }
    return text + " \\\\\n" + (rules.empty() ? "" : rules + "\n");
}

std::string row_text(const PaperTable::Row& row, bool counts) {
    std::vector<std::string> cells;
    for (const auto& label : row.labels) { cells.push_back(latex_escaped(label)); }
    if (row.quoted) { cells.front() += "\\textsuperscript{$\\ddagger$}"; }
    for (const auto& cell : row.cells) { cells.push_back(latex_cell(cell, row.quoted, counts)); }
    return fmt::format("{} \\\\\n", fmt::join(cells, " & "));
}

using Rows = std::span<const PaperTable::Row>;

std::string group_head(const PaperTable::Row& row, std::size_t columns) {
    if (row.group.empty()) { return "\\midrule\n"; }
    return fmt::format("\\midrule\n\\multicolumn{{{}}}{{l}}{{\\textit{{{}}}}} \\\\\n", columns,
                       latex_escaped(row.group));
}

std::string block_text(const PaperTable::Block& block, Rows rows, bool counts) {
    const auto labels = block.label_heads.size();
    const auto columns = labels + block.heads.size();
    auto text = fmt::format(
        "\\patcheadfit{{%\n\\begin{{tabular}}{{{}{}}}\n"
        "\\toprule\n",
        std::string(labels, 'l'), std::string(block.heads.size(), 'c'));
    if (!block.title.empty()) {
        text += fmt::format("\\multicolumn{{{}}}{{l}}{{{}}} \\\\\n\\midrule\n", columns,
                            latex_escaped(block.title));
    }
    const auto levels = block.heads.front().size();
    for (std::size_t level = 0; level < levels; ++level) {
        text += head_line(block, level, levels);
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i == 0 || rows[i].group != rows[i - 1].group) { text += group_head(rows[i], columns); }
        text += row_text(rows[i], counts);
    }
    return text + "\\bottomrule\n\\end{tabular}}\n";
}

/// What one float holds: some rows of a block.
struct Part {
    const PaperTable::Block* block = nullptr;
    Rows rows;
};

/// Where `rows` of one block go beyond a page, each group is a float of its own.
std::vector<Part> parts_of(const PaperTable::Block& block) {
    constexpr std::size_t kRowsOfAPage = 24;  // Most have two lines.
    const Rows rows = block.rows;
    if (rows.size() <= kRowsOfAPage) { return {{&block, rows}}; }
    std::vector<Part> parts;
    for (std::size_t first = 0; first < rows.size();) {
        auto end = first + 1;
        while (end < rows.size() && rows[end].group == rows[first].group) { ++end; }
        parts.push_back({&block, rows.subspan(first, end - first)});
        first = end;
    }
    return parts;
}

/// The floats of a table: all blocks in one, unless a block has several.
std::vector<std::vector<Part>> floats_of(const PaperTable& table) {
    std::vector<std::vector<Part>> floats(1);
    const auto add = [&](const Part& part) {
        const bool is_whole = part.rows.size() == part.block->rows.size();
        if (!is_whole && !floats.back().empty()) { floats.emplace_back(); }
        floats.back().push_back(part);
    };
    for (const auto& block : table.blocks) {
        for (const auto& part : parts_of(block)) { add(part); }
    }
    return floats;
}

std::string notes_text(const PaperTable& table) {
    if (table.notes.empty() && table.footnotes.empty()) { return {}; }
    std::string text = "\n\\smallskip\n\\begin{minipage}{\\linewidth}\\scriptsize\n";
    for (std::size_t i = 0; i < table.notes.size(); ++i) {
        text +=
            fmt::format("\\textsuperscript{{{}}} {}\\par\n", i + 1, latex_escaped(table.notes[i]));
    }
    for (const auto& note : table.footnotes) { text += latex_escaped(note) + "\\par\n"; }
    return text + "\\end{minipage}\n";
}

/// The heading of the float number `place` of `floats`.
std::string caption(const PaperTable& table, const Part& first, std::size_t place,
                    std::size_t floats) {
    const bool split = floats > 1;
    return fmt::format("\\caption{{{}{}{} ({} of the paper).}}\n\\label{{tab:{}{}}}\n",
                       latex_escaped(table.caption), table.counts ? "" : ", in percent",
                       split ? ": " + latex_escaped(first.rows.front().group) : "", table.source,
                       table.name, split ? fmt::format("-{}", place + 1) : "");
}

std::string parts_text(const std::vector<Part>& parts, bool counts) {
    std::string text;
    for (const auto& part : parts) {
        if (&part != &parts.front()) { text += "\n\\smallskip\n"; }
        text += block_text(*part.block, part.rows, counts);
    }
    return text;
}

}  // namespace

std::string to_latex(const PaperTable& table) {
    auto text = latex_preamble(kCommands);
    const auto floats = floats_of(table);
    for (std::size_t i = 0; i < floats.size(); ++i) {
        text += "\\begin{table}\n\\centering\n";
        text += caption(table, floats[i].front(), i, floats.size());
        text += parts_text(floats[i], table.counts);
        if (i + 1 == floats.size()) { text += notes_text(table); }
        text += "\\end{table}\n";
    }
    return text;
}

}  // namespace patchead
