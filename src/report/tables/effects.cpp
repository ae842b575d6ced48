#include "patchead/report/effects.hpp"

#include <algorithm>

namespace patchead {

void EffectTables::add(const std::vector<std::string>& choice, const Results& results) {
    static constexpr std::string_view kSummary = "summary_";
    for (const auto& table : make_tables(results)) {
        if (table.name.starts_with(kSummary)) {
            add(choice, table, "ablation_" + table.name.substr(kSummary.size()), tables_);
        } else {
            add(choice, table, "ablation_" + table.name, by_category_);
        }
    }
}

void EffectTables::add(const std::vector<std::string>& choice, const Table& table,
                       const std::string& name, std::vector<Table>& tables) const {
    auto found = std::ranges::find(tables, name, &Table::name);
    if (found == tables.end()) {
        found = tables.insert(tables.end(), table);
        found->name = name;
        found->rows.clear();
        found->footnotes.clear();
        found->row_columns.insert(found->row_columns.begin(), variables_.begin(), variables_.end());
    }
    for (auto row : table.rows) {
        row.labels.insert(row.labels.begin(), choice.begin(), choice.end());
        found->rows.push_back(std::move(row));
    }
    for (const auto& note : table.footnotes) {
        if (std::ranges::count(found->footnotes, note) == 0) { found->footnotes.push_back(note); }
    }
}

}  // namespace patchead
