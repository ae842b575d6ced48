#include "tables/best.hpp"

#include <algorithm>
#include <cstddef>

#include "comparison/compare_cells.hpp"

namespace patchead::inline report_detail {
void mark_best(const std::vector<const RunsBySeed*>& runs, const std::set<std::string>& categories,
               const std::string& metric, const std::vector<Cell*>& cells) {
    if (cells.size() < 2) { return; }
    const auto highest =
        std::ranges::max_element(cells, {}, [](const Cell* cell) { return cell->mean; });
    const auto best = static_cast<std::size_t>(highest - cells.begin());
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i == best) { continue; }
        const RunPair pair{*runs[i], *runs[best]};
        if (!is_sure(compare_cells(pair, categories, metric, {}, Spread::population))) { return; }
    }
    cells[best]->best = true;
}

std::string best_footnote() {
    return "Bold: the best, where that is sure: its lead over each other is beyond 0.5 points and "
           "two standard deviations of the difference over seeds and, where test images were "
           "resampled, has p < 0.05. Nothing is bold where nothing is sure.";
}

}  // namespace patchead::inline report_detail
