#include "text/latex.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace patchead::inline report_detail {
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

}  // namespace

std::string latex_escaped(std::string_view text) {
    std::string latex;
    while (!text.empty()) {
        const auto escape = std::ranges::find_if(
            kEscapes, [&](const auto& entry) { return text.starts_with(entry.first); });
        const bool is_special = escape != kEscapes.end();
        latex += is_special ? escape->second : text.substr(0, 1);
        text.remove_prefix(is_special ? escape->first.size() : 1);
    }
    return latex;
}

std::string latex_preamble(std::string_view commands) {
    return fmt::format(
        "% Needs \\usepackage{{booktabs,graphicx}}.\n{}"
        "\\providecommand{{\\patcheadfit}}[1]{{\\sbox0{{#1}}\\ifdim\\wd0>\\linewidth"
        "\\resizebox{{\\linewidth}}{{!}}{{\\usebox0}}\\else\\usebox0\\fi}}\n",
        commands);
}

namespace {

/// A row as LaTeX; a bracket at its beginning would be taken for an option of the row before.
std::string row_of(const std::vector<TextColumn>& columns, std::size_t row) {
    std::vector<std::string> cells;
    for (const auto& column : columns) {
        const auto text = latex_escaped(column.cells[row]);
        cells.push_back(column.bold.contains(row) ? fmt::format("\\textbf{{{}}}", text) : text);
    }
    const auto text = fmt::format("{} \\\\\n", fmt::join(cells, " & "));
    return text.starts_with('[') ? "{}" + text : text;
}

std::string tabular(const std::vector<TextColumn>& columns, std::size_t first, std::size_t end) {
    std::string alignment;
    std::vector<std::string> heads;
    for (const auto& column : columns) {
        alignment += column.right ? 'r' : 'l';
        heads.push_back(latex_escaped(column.name));
    }
    auto text =
        fmt::format("\\patcheadfit{{%\n\\begin{{tabular}}{{{}}}\n\\toprule\n{} \\\\\n\\midrule\n",
                    alignment, fmt::join(heads, " & "));
    for (auto row = first; row < end; ++row) { text += row_of(columns, row); }
    return text + "\\bottomrule\n\\end{tabular}}\n";
}

std::string notes_text(const std::vector<std::string>& notes) {
    if (notes.empty()) { return {}; }
    std::string text = "\n\\smallskip\n\\begin{minipage}{\\linewidth}\\scriptsize\n";
    for (const auto& note : notes) { text += latex_escaped(note) + "\\par\n"; }
    return text + "\\end{minipage}\n";
}

}  // namespace

std::string latex_table(const std::string& name, const std::string& caption,
                        std::vector<TextColumn> labels, const std::vector<TextColumn>& values,
                        std::size_t rows, const std::vector<std::string>& notes) {
    constexpr std::size_t kRowsOfAPage = 45;
    const auto constant = take_constant(labels);
    labels.insert(labels.end(), values.begin(), values.end());
    auto text = latex_preamble();
    for (std::size_t first = 0; first == 0 || first < rows; first += kRowsOfAPage) {
        const auto end = std::min(first + kRowsOfAPage, rows);
        text += fmt::format(
            "\\begin{{table}}\n\\centering\n\\caption{{{}, in "
            "percent{}{}{}.}}\n\\label{{tab:{}{}}}\n",
            latex_escaped(caption), constant.empty() ? "" : "; all rows: ", latex_escaped(constant),
            first == 0 ? "" : " (continued)", name,
            first == 0 ? "" : fmt::format("-{}", first / kRowsOfAPage + 1));
        text += tabular(labels, first, end);
        if (end == rows) { text += notes_text(notes); }
        text += "\\end{table}\n";
    }
    return text;
}

}  // namespace patchead::inline report_detail
