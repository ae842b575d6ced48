#pragma once

#include <cstddef>
#include <string>
#include <vector>

/// \file
/// \brief Tables as text that is aligned in a terminal. Private to the report layer.

namespace patchead::inline report_detail {

/// A column as it is printed.
struct TextColumn {
    std::string name;
    std::vector<std::string> cells;
    bool right = false;  ///< Numbers stand at the right.
};

/// `text` with what would end a cell or a line of Markdown taken care of.
[[nodiscard]] std::string in_one_line(const std::string& text);

/// Notes of cells, numbered from 1 in the order of their first use.
class Footnotes {
  public:
    /// " [1]"; empty for an empty note.
    [[nodiscard]] std::string mark(const std::string& note);

    /// The numbered notes, then the `general` ones.
    [[nodiscard]] std::string text(const std::vector<std::string>& general) const;

  private:
    std::vector<std::string> notes_;
};

/// A Markdown table of `rows` rows.
[[nodiscard]] std::string grid(const std::vector<TextColumn>& columns, std::size_t rows);

/// A Markdown table of `rows` rows in percent, under its caption. Labels that are the same in every
/// row stand above it: "backbone mae, seeds 3".
[[nodiscard]] std::string percent_table(const std::string& caption, std::vector<TextColumn> labels,
                                        std::vector<TextColumn> values, std::size_t rows);

}  // namespace patchead::inline report_detail
