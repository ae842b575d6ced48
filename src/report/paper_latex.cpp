#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "paper_text.hpp"

namespace patchead {
namespace {

/// What LaTeX takes for a command, and what its default fonts lack. Longer texts have no part here
/// that begins like a shorter one.
constexpr auto kEscapes = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"\\", "\\textbackslash{}"},
    {"{", "\\{"},
    {"}", "\\}"},
    {"&", "\\&"},
    {"%", "\\%"},
    {"$", "\\$"},
    {"#", "\\#"},
    {"_", "\\_"},
    {"~", "\\textasciitilde{}"},
    {"^", "\\textasciicircum{}"},
    {"–", "--"},
    {"±", "$\\pm$"},
    {"×", "$\\times$"},
    {"✓", "$\\surd$"},
    {"†", "$\\dagger$"},
    {"‡", "$\\ddagger$"},
    {"<", "$<$"},
    {">", "$>$"},
    {"|", "$|$"},
    {"\n", " "},
});

std::string escaped(std::string_view text) {
    std::string latex;
    while (!text.empty()) {
        std::string_view from = text.substr(0, 1);
        std::string_view to = from;
        for (const auto& [special, escape] : kEscapes) {
            if (text.starts_with(special)) {
                from = special;
                to = escape;
            }
        }
        latex += to;
        text.remove_prefix(from.size());
    }
    return latex;
}

/// Ours above, smaller below it the paper's and the difference.
constexpr std::string_view kCellCommand =
    "\\providecommand{\\patcheadcell}[2]{\\begin{tabular}[t]{@{}c@{}}#1\\\\[-3pt]"
    "{\\tiny #2}\\end{tabular}}\n";

std::string with_std(const std::string& value, const std::string& std) {
    return std.empty() ? escaped(value) : fmt::format("{}$_{{\\pm {}}}$", escaped(value), std);
}

std::string beside(const PaperCellText& text) {
    auto latex = with_std(text.paper, text.paper_std);
    if (!text.printed.empty()) { latex += ", printed " + text.printed; }
    if (!text.difference.empty()) { latex += fmt::format("; ${}$", text.difference); }
    return latex;
}

std::string marks(const PaperCell& cell) {
    std::vector<std::string> marks;
    if (cell.outside) { marks.emplace_back("$\\dagger$"); }
    for (const auto note : cell.notes) { marks.push_back(std::to_string(note + 1)); }
    return marks.empty() ? "" : fmt::format("\\textsuperscript{{{}}}", fmt::join(marks, ","));
}

std::string cell_text(const PaperCell& cell, bool quoted, bool counts) {
    const auto text = paper_cell_text(cell, quoted, counts);
    auto value = with_std(text.value, text.std);
    if (cell.best) {
        value = fmt::format("\\textbf{{{}}}{}", text.value,
                            text.std.empty() ? "" : fmt::format("$_{{\\pm {}}}$", text.std));
    }
    value += marks(cell);
    if (text.paper.empty()) { return value; }
    return fmt::format("\\patcheadcell{{{}}}{{{}}}", value, beside(text));
}

/// The heads at one `level`; equal neighbours under equal heads above are one wide head.
std::string head_line(const PaperTable::Block& block, std::size_t level, std::size_t levels) {
    const bool last = level + 1 == levels;
    std::string text;
    std::string rules;
    std::size_t column = block.label_heads.size();
    for (std::size_t i = 0; i < block.label_heads.size(); ++i) {
        if (i > 0) { text += " & "; }
        if (last) { text += escaped(block.label_heads[i]); }
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
                            escaped(block.heads[first][level]));
        if (!last && !block.heads[first][level].empty()) {
            rules += fmt::format("\\cmidrule(lr){{{}-{}}}", column + first + 1, column + end);
        }
        first = end;
    }
    return text + " \\\\\n" + (rules.empty() ? "" : rules + "\n");
}

std::string row_text(const PaperTable::Row& row, bool counts) {
    std::vector<std::string> cells;
    for (const auto& label : row.labels) { cells.push_back(escaped(label)); }
    if (row.quoted) { cells.front() += "\\textsuperscript{$\\ddagger$}"; }
    for (const auto& cell : row.cells) { cells.push_back(cell_text(cell, row.quoted, counts)); }
    return fmt::format("{} \\\\\n", fmt::join(cells, " & "));
}

std::string block_text(const PaperTable::Block& block, bool counts) {
    const auto labels = block.label_heads.size();
    const auto columns = labels + block.heads.size();
    auto text = fmt::format(
        "\\resizebox{{\\linewidth}}{{!}}{{%\n\\begin{{tabular}}{{{}{}}}\n"
        "\\toprule\n",
        std::string(labels, 'l'), std::string(block.heads.size(), 'c'));
    if (!block.title.empty()) {
        text += fmt::format("\\multicolumn{{{}}}{{l}}{{{}}} \\\\\n\\midrule\n", columns,
                            escaped(block.title));
    }
    const auto levels = block.heads.front().size();
    for (std::size_t level = 0; level < levels; ++level) {
        text += head_line(block, level, levels);
    }
    const std::string* group = nullptr;
    for (const auto& row : block.rows) {
        if (group == nullptr || *group != row.group) {
            text += "\\midrule\n";
            if (!row.group.empty()) {
                text += fmt::format("\\multicolumn{{{}}}{{l}}{{\\textit{{{}}}}} \\\\\n", columns,
                                    escaped(row.group));
            }
            group = &row.group;
        }
        text += row_text(row, counts);
    }
    return text + "\\bottomrule\n\\end{tabular}}\n";
}

}  // namespace

std::string to_latex(const PaperTable& table) {
    std::string text = "% Needs \\usepackage{booktabs,graphicx}.\n";
    text += kCellCommand;
    text += "\\begin{table}\n\\centering\n";
    text += fmt::format("\\caption{{{}{}}}\n\\label{{tab:{}}}\n", escaped(table.caption),
                        table.counts ? "." : ", in percent.", table.name);
    for (std::size_t i = 0; i < table.blocks.size(); ++i) {
        text += (i > 0 ? "\n\\smallskip\n" : "") + block_text(table.blocks[i], table.counts);
    }
    if (!table.notes.empty() || !table.footnotes.empty()) {
        text += "\n\\smallskip\n\\begin{minipage}{\\linewidth}\\scriptsize\n";
        for (std::size_t i = 0; i < table.notes.size(); ++i) {
            text +=
                fmt::format("\\textsuperscript{{{}}} {}\\par\n", i + 1, escaped(table.notes[i]));
        }
        for (const auto& note : table.footnotes) { text += escaped(note) + "\\par\n"; }
        text += "\\end{minipage}\n";
    }
    return text + "\\end{table}\n";
}

}  // namespace patchead
