#include "paper/cell_text.hpp"

#include <algorithm>

#include "text/percent.hpp"

namespace patchead::inline report_detail {

PaperCellText paper_cell_text(const PaperCell& cell, bool quoted, bool counts) {
    const auto text = [&](const std::optional<double>& value) {
        return value ? paper_number(*value, counts) : std::string();
    };
    PaperCellText parts;
    const auto& value = quoted ? cell.paper : cell.ours.mean;
    parts.value = value ? text(value) : "–";
    if (quoted) {
        parts.std = text(cell.paper_std);
        return parts;
    }
    if (cell.ours.seeds > 1) { parts.std = text(cell.ours.std); }
    if (cell.recovered) {
        parts.paper = text(cell.recovered);
        parts.printed = text(cell.paper);
    } else {
        parts.paper = text(cell.paper);
        parts.paper_std = text(cell.paper_std);
    }
    if (cell.difference) { parts.difference = paper_difference(*cell.difference, counts); }
    return parts;
}

std::string joined_heads(const std::vector<std::string>& heads) {
    std::string text;
    for (const auto& head : heads) {
        if (!head.empty()) { text += (text.empty() ? "" : " ") + head; }
    }
    return text;
}

bool has_groups(const PaperTable::Block& block) {
    return std::ranges::any_of(block.rows, [](const auto& row) { return !row.group.empty(); });
}

}  // namespace patchead::inline report_detail
