#include "patchead/report/effects.hpp"

#include <algorithm>

namespace patchead {

void EffectTables::add(const std::vector<std::string>& choice, const Results& results) {
    static constexpr std::string_view kSummary = "summary_";
    for (const auto& table : make_tables(results)) {
        if (!table.name.starts_with(kSummary)) { continue; }
        const auto name = "ablation_" + table.name.substr(kSummary.size());
        auto found = std::ranges::find(tables_, name, &Table::name);
        if (found == tables_.end()) {
            found = tables_.insert(tables_.end(), table);
            found->name = name;
            found->rows.clear();
            found->row_columns.insert(found->row_columns.begin(), variables_.begin(),
                                      variables_.end());
        }
        for (auto row : table.rows) {
            row.labels.insert(row.labels.begin(), choice.begin(), choice.end());
            found->rows.push_back(std::move(row));
        }
    }
}

}  // namespace patchead
