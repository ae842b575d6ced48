#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "text/text_grid.hpp"

/// \file
/// \brief What all LaTeX tables share. Private to the report layer.

namespace patchead::inline report_detail {

/// `text` with what LaTeX takes for a command, and what its default fonts lack, written out.
[[nodiscard]] std::string latex_escaped(std::string_view text);

/// What a file of tables begins with: the packages that it needs, and `\patcheadfit`, which makes a
/// tabular narrower if it is wider than the line, and never wider. `commands`: of the table's own.
[[nodiscard]] std::string latex_preamble(std::string_view commands = {});

/// Floats of at most a page each, with `caption`. Labels that are the same in every row stand in
/// the caption. `notes` stand below the last one.
[[nodiscard]] std::string latex_table(const std::string& name, const std::string& caption,
                                      std::vector<TextColumn> labels,
                                      const std::vector<TextColumn>& values, std::size_t rows,
                                      const std::vector<std::string>& notes);

}  // namespace patchead::inline report_detail
