#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

/// \file
/// \brief Tables as text that is aligned in a terminal. Private to the report layer.

namespace patchead::inline report_detail {

/// A column as it is printed.
struct TextColumn {
    std::string name;
    std::vector<std::string> cells;
    bool right = false;            ///< Numbers stand at the right.
    std::set<std::size_t> bold{};  ///< Rows whose cell is the best; LaTeX shows them.
};

/// `text` with what would end a cell or a line of Markdown taken care of.
[[nodiscard]] std::string in_one_line(const std::string& text);

/// Notes of cells, numbered from 1 in the order of their first use.
class Footnotes {
  public:
    /// " [1]"; empty for an empty note.
    [[nodiscard]] std::string mark(const std::string& note);

    /// "[1] ..." of each note, then the `general` ones.
    [[nodiscard]] std::vector<std::string> all(const std::vector<std::string>& general) const;

    /// The same as paragraphs.
    [[nodiscard]] std::string text(const std::vector<std::string>& general) const;

  private:
    std::vector<std::string> notes_;
};

/// Takes columns that are the same in every one of several rows out of `columns`, and says what
/// they are: "backbone mae, seeds 3".
[[nodiscard]] std::string take_constant(std::vector<TextColumn>& columns);

/// A Markdown table of `rows` rows.
[[nodiscard]] std::string grid(const std::vector<TextColumn>& columns, std::size_t rows);

/// A Markdown table of `rows` rows in percent, under its caption. Labels that are the same in every
/// row stand above it: "backbone mae, seeds 3".
[[nodiscard]] std::string percent_table(const std::string& caption, std::vector<TextColumn> labels,
                                        std::vector<TextColumn> values, std::size_t rows);

}  // namespace patchead::inline report_detail
