#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "explanation/named_cell.hpp"
#include "patchead/core/error.hpp"

namespace patchead::inline report_detail {
namespace {

/// What tells the cells of the paper's tables apart, without what goes without saying.
std::string name_of(const std::string& table, const PaperPoint& point) {
    std::vector<std::string> parts{table, point.method, point.backbone};
    const bool usual = point.modules == "none" || point.modules == "patchead+";
    parts.push_back(usual ? "" : point.modules);
    parts.push_back(point.setting.empty() ? "" : fmt::format("{}-shot", point.shots));
    parts.push_back(point.image_size == 0 ? "" : fmt::format("{}px", point.image_size));
    parts.insert(parts.end(), {point.dataset, point.category, point.metric});
    std::erase(parts, "");
    return fmt::format("{}", fmt::join(parts, "/"));
}

std::vector<std::pair<std::string, std::string>> labels_of(const PaperPoint& point) {
    std::vector<std::pair<std::string, std::string>> labels{
        {"method", point.method},
        {"backbone", point.backbone},
        {"detector", point.detector},
        {"modules", point.modules},
        {"setting", point.setting},
        {"shots", point.setting == "few-shot" ? std::to_string(point.shots) : ""},
        {"image_size", point.image_size > 0 ? std::to_string(point.image_size) : ""},
        {"dataset", point.dataset},
        {"category", point.category}};
    std::erase_if(labels, [](const auto& label) { return label.second.empty(); });
    return labels;
}

/// The cells of a table, which must outlive this.
std::vector<const PaperCell*> cells_of(const PaperTable& table) {
    std::vector<const PaperCell*> cells;
    const auto add = [&](const PaperCell& cell) { cells.push_back(&cell); };
    for (const auto& block : table.blocks) {
        for (const auto& row : block.rows) { std::ranges::for_each(row.cells, add); }
    }
    return cells;
}

PaperTable the_table(const CellSources& from, const std::string& name) {
    auto options = from.options;
    options.tables = {name.substr(std::string_view("table").size())};
    auto report = make_paper_tables(from.results, options);
    require<ConfigError>(!report.tables.empty(), "'", name, "' has no cells (none of its points ",
                         "is among the results); run its config, or give its runs, too");
    return std::move(report.tables.front());
}

}  // namespace

NamedCell find_paper_cell(const CellSources& from, const std::string& table,
                          const std::string& name) {
    const auto made = the_table(from, table);
    const auto cells = cells_of(made);
    std::vector<std::string> names;
    for (const auto* cell : cells) { names.push_back(name_of(made.name, cell->point)); }
    const auto& cell = *cells[place_of_name(names, name)];
    const auto& point = cell.point;
    NamedCell found;
    found.source = fmt::format("{}. {}", made.source, made.caption);
    found.labels = labels_of(point);
    found.paper = cell;
    found.cell = found.paper->ours;
    const bool is_quoted = point.backbone.empty();
    if (!is_quoted && !made.counts) { found.runs = from.measure.runs_behind(point); }
    return found;
}

}  // namespace patchead::inline report_detail
