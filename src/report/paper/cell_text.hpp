#pragma once

#include <string>
#include <vector>

#include "patchead/report/paper_tables.hpp"

/// \file
/// \brief Numbers of the paper's tables as text. Private to the report layer.

namespace patchead::inline report_detail {

/// A cell in the parts that renderers put together; an empty part is not there.
struct PaperCellText {
    std::string value;      ///< Ours or, of a quoted row, the paper's; "–" if missing.
    std::string std;        ///< Of the value.
    std::string paper;      ///< What ours is set beside: the recovered or, without it, printed one.
    std::string paper_std;  ///< Of that.
    std::string difference;
    std::string printed;  ///< The printed one, where another was recovered.
};
[[nodiscard]] PaperCellText paper_cell_text(const PaperCell& cell, bool quoted, bool counts);

/// "MVTec Image-level AUC".
[[nodiscard]] std::string joined_heads(const std::vector<std::string>& heads);

/// Whether rows of `block` are in groups that have names.
[[nodiscard]] bool has_groups(const PaperTable::Block& block);

}  // namespace patchead::inline report_detail
