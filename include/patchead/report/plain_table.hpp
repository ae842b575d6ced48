#pragma once

#include <cstddef>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <vector>

/// \file
/// \brief Tables of texts and single numbers, which are no means with a spread.

namespace patchead {

struct PlainTable {
    /// How the values of a column are shown. Numbers are fractions: `percent` without, `points`
    /// with their sign; a `count` is whole.
    enum class Kind { text, percent, points, count };
    struct Column {
        std::string name;  ///< In words, as people read them.
        Kind kind = Kind::text;
    };
    struct Value {
        std::string text{};              ///< Of a text.
        std::optional<double> number{};  ///< Of a number; nothing if there is none.
    };
    using Row = std::vector<Value>;  ///< One value for each column.

    std::string name;  ///< File stem.
    std::string caption;
    std::vector<Column> columns;
    std::size_t labels = 0;  ///< So many leading columns say what a row is.
    std::vector<Row> rows;
    std::vector<std::string> footnotes;
    /// Rows that Markdown and LaTeX show; they say how many there are more.
    std::size_t shown = std::numeric_limits<std::size_t>::max();
};

/// Aligned in a terminal, percent and points with one decimal (half to even), "–" where there is no
/// number. Labels that are the same in all rows are told once above.
[[nodiscard]] std::string to_markdown(const PlainTable& table);
/// Floats for packages booktabs and graphicx, laid out as the Markdown.
[[nodiscard]] std::string to_latex(const PlainTable& table);
/// Every row in full precision, "nan" where there is no number; heads with "_" for blanks.
[[nodiscard]] std::string to_csv(const PlainTable& table);
/// `name`, `caption`, `columns` (`name`, `kind`), `labels`, `rows` (lists of texts and numbers,
/// null where there is none) and `footnotes`.
[[nodiscard]] std::string to_json(const PlainTable& table);

/// Each table as .md, .tex, .csv and .json in `folder`.
void write_plain_tables(const std::filesystem::path& folder, const std::vector<PlainTable>& tables);

}  // namespace patchead
