#include "explanation/named_cell.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "paper/definition.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/registry.hpp"

namespace patchead::inline report_detail {
namespace {

/// How much of `name`, in whole parts, is the beginning of `other`: its length.
std::size_t common_parts(std::string_view name, std::string_view other) {
    std::size_t parts = 0;
    for (std::size_t i = 0;; ++i) {
        const bool name_ends = i == name.size() || name[i] == '/';
        const bool other_ends = i == other.size() || other[i] == '/';
        if (name_ends && other_ends) { parts = i; }
        if (i == name.size() || i == other.size() || name[i] != other[i]) { return parts; }
    }
}

std::string part_after(const std::string& name, std::size_t at) {
    const auto begin = at == 0 ? 0 : std::min(at + 1, name.size());
    return name.substr(begin, name.find('/', begin) - begin);
}

/// Of a table that `make_tables` makes.
std::string name_of_table(const std::string& dataset, bool by_category) {
    return fmt::format("{}_{}", by_category ? "categories" : "summary", dataset);
}

/// Cells of such a table.
class TableCells {
  public:
    TableCells(const CellSources& from, const std::string& dataset, bool by_category)
        : from_(from), dataset_(dataset), by_category_(by_category) {
        const auto& runs = from.measure.datasets().at(dataset);
        for (const auto& [configuration, seeds] : runs.configurations) {
            if (!by_category) {
                add(configuration, seeds, "", runs.categories);
                continue;
            }
            for (const auto& category : runs.categories) {
                add(configuration, seeds, category, {category});
            }
            add(configuration, seeds, "Average", runs.categories);
        }
    }

    [[nodiscard]] NamedCell find(const std::string& name) const {
        std::vector<std::string> names;
        for (const auto& place : places_) { names.push_back(place.name); }
        const auto& place = places_[place_of_name(names, name)];
        NamedCell found;
        found.source = name_of_table(dataset_, by_category_);
        found.labels = place.labels;
        found.runs = {place.runs};
        found.cell = cell_of(found.runs, from_.options.spread);
        return found;
    }

  private:
    struct Place {
        std::string name;
        std::vector<std::pair<std::string, std::string>> labels;
        CellRuns runs;
    };

    void add(const Configuration& configuration, const RunsBySeed& seeds,
             const std::string& category, const std::set<std::string>& categories) {
        const auto& runs = from_.measure.datasets().at(dataset_);
        auto values = labels_of(configuration, runs);
        auto columns = label_columns(runs);
        if (by_category_) {
            values.push_back(category);
            columns.emplace_back("category");
        }
        std::vector<std::pair<std::string, std::string>> labels{{"dataset", dataset_}};
        for (std::size_t i = 0; i < values.size(); ++i) {
            labels.emplace_back(columns[i], values[i]);
        }
        for (const auto& metric : from_.results.metric_names) {
            places_.push_back({fmt::format("{}/{}/{}", name_of_table(dataset_, by_category_),
                                           fmt::join(values, "/"), metric),
                               labels,
                               {dataset_, &seeds, categories, metric}});
        }
    }

    const CellSources& from_;
    const std::string& dataset_;
    bool by_category_;
    std::vector<Place> places_;
};

}  // namespace

std::size_t place_of_name(const std::vector<std::string>& names, const std::string& name) {
    const auto found = std::ranges::find(names, name);
    if (found != names.end()) { return static_cast<std::size_t>(found - names.begin()); }
    std::size_t right = 0;
    for (const auto& other : names) { right = std::max(right, common_parts(name, other)); }
    std::vector<std::string> parts;
    for (const auto& other : names) {
        if (common_parts(name, other) != right) { continue; }
        const auto part = part_after(other, right);
        if (!part.empty() && std::ranges::count(parts, part) == 0) { parts.push_back(part); }
    }
    const auto head = name.substr(0, right);
    require<ConfigError>(right < name.size(), "'", name, "' is no cell yet (its name goes on); ",
                         "add one of: ", fmt::format("{}", fmt::join(parts, ", ")));
    require<ConfigError>(!parts.empty(), "'", name, "' is no cell ('", head,
                         "' is one, and its name ends there); leave the rest out");
    const std::vector<std::string_view> known(parts.begin(), parts.end());
    throw ConfigError(unknown_name(fmt::format("part of a cell's name after '{}'", head),
                                   part_after(name, right), known));
}

NamedCell find_cell(const CellSources& from, const std::string& name) {
    const auto table = name.substr(0, name.find('/'));
    std::vector<std::string> tables;
    for (const auto& entry : paper_table_entries()) {
        tables.push_back(fmt::format("table{}", entry.name));
        if (tables.back() == table) { return find_paper_cell(from, table, name); }
    }
    for (const auto& [dataset, runs] : from.measure.datasets()) {
        const std::array names{name_of_table(dataset, false), name_of_table(dataset, true)};
        const auto found = std::ranges::find(names, table);
        if (found != names.end()) {
            return TableCells(from, dataset, found != names.begin()).find(name);
        }
        tables.insert(tables.end(), names.begin(), names.end());
    }
    throw ConfigError(
        unknown_name("table", table, std::vector<std::string_view>(tables.begin(), tables.end())));
}

}  // namespace patchead::inline report_detail
