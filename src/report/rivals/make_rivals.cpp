#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "paper/measure.hpp"
#include "paper/rivals.hpp"
#include "patchead/core/error.hpp"
#include "patchead/report/paper_reference.hpp"
#include "patchead/report/rivals.hpp"
#include "patchead/results/point.hpp"
#include "rivals/rival_footnotes.hpp"
#include "tables/best.hpp"
#include "tables/row_costs.hpp"
#include "text/transductive.hpp"

namespace patchead {
namespace {

/// What competes.
auto heat_of(const Configuration& configuration) {
    return std::tuple(configuration.backbone, configuration.image_size, configuration.setting,
                      configuration.shots);
}

/// In the order of tables; those alone among which PatchEAD has a rival.
std::vector<Configuration> rows_with_rivals(const RivalDatasets& datasets) {
    std::set<Configuration> all;
    std::set<decltype(heat_of({}))> heats;
    for (const auto& [dataset, runs] : datasets) {
        for (const auto& [configuration, seeds] : runs.configurations) {
            all.insert(configuration);
            if (configuration.detector.first) { heats.insert(heat_of(configuration)); }
        }
    }
    std::vector<Configuration> rows(all.begin(), all.end());
    std::erase_if(rows, [&](const auto& row) { return !heats.contains(heat_of(row)); });
    return rows;
}

/// A point with the labels of a row.
ResultRow point_of(const Configuration& configuration) {
    ResultRow row;
    row.backbone = configuration.backbone;
    std::tie(row.image_size, row.sizes) = configuration.image_size;
    row.setting = configuration.setting;
    row.shots = configuration.shots;
    row.modules = configuration.modules.second;
    row.detector = configuration.detector.second;
    return row;
}

std::string method_text(const ResultRow& point, const Results& results) {
    if (point.detector == kPatchEadName) {
        return point.modules == "none" ? "PatchEAD" : concat("PatchEAD ", point.modules);
    }
    const auto title = results.provenance.find(concat("detector.", point.detector, ".title"));
    const auto name = title == results.provenance.end() ? point.detector : title->second;
    return is_tuned(point) ? concat(name, " (tuned)") : name;
}

/// The paper's name of a metric; empty if it does not have it.
std::string paper_metric(const std::string& metric, const RivalsOptions& options) {
    if (metric == options.pro) { return "P-PRO"; }
    constexpr std::array<std::string_view, 3> kSame{"I-AUROC", "I-AP", "P-AUROC"};
    return std::ranges::find(kSame, metric) == kSame.end() ? "" : metric;
}

/// What the paper quotes of the method that a row measures, on a data set or, `Average`, on all.
void quote(const Configuration& row, const std::string& dataset, const std::string& metric,
           RivalCell& cell) {
    const auto* rival = rival_of_detector(row.detector.second);
    if (rival == nullptr) { return; }
    for (const auto& number : paper_reference().numbers) {
        const auto& point = number.point;
        const bool is_it = point.method == rival->method && point.setting == row.setting &&
                           point.shots == row.shots && point.metric == metric &&
                           point.category.empty() && point.backbone.empty() &&
                           name_in_results(point.dataset) == name_in_results(dataset);
        if (!is_it) { continue; }
        cell.quoted = number.mean;
        cell.quoted_std = number.std;
        return;
    }
}

/// A table in the making, from what all tables share.
class RivalMaker {
  public:
    RivalMaker(const Results& results, const RivalDatasets& datasets, const RivalsOptions& options)
        : results_(results),
          datasets_(datasets),
          options_(options),
          configurations_(rows_with_rivals(datasets)) {
        require<ConfigError>(!configurations_.empty(),
                             "the results have no rival of PatchEAD (the sweep had one detector); "
                             "run it with --detector patchead musc ..., or leave --rivals out");
    }

    [[nodiscard]] RivalTable table(const std::string& metric) const {
        RivalTable table;
        table.name = "rivals_" + metric;
        table.metric = metric;
        table.caption = fmt::format("Training-free detectors: {}", metric);
        for (const auto& [dataset, runs] : datasets_) { table.columns.push_back(dataset); }
        if (datasets_.size() > 1) { table.columns.emplace_back(kAverage); }
        for (const auto& configuration : configurations_) {
            table.rows.push_back(row_of(configuration, metric));
        }
        mark_all(table);
        return table;
    }

    [[nodiscard]] const std::vector<Configuration>& configurations() const {
        return configurations_;
    }

    static constexpr const char* kAverage = "Average";

  private:
    [[nodiscard]] RivalTable::Row row_of(const Configuration& configuration,
                                         const std::string& metric) const {
        const auto point = point_of(configuration);
        RivalTable::Row row{point.backbone,
                            size_label(point),
                            point.setting,
                            point.shots,
                            point.detector,
                            method_text(point, results_),
                            point.modules,
                            is_tuned(point),
                            is_transductive(configuration, results_),
                            {}};
        std::vector<CellRuns> parts;
        for (const auto& [dataset, runs] : datasets_) {
            const auto found = runs.configurations.find(configuration);
            const bool is_there = found != runs.configurations.end();
            RivalCell cell;
            if (is_there) {
                parts.push_back({dataset, &found->second, runs.categories, metric});
                cell.ours = cell_of({parts.back()}, options_.spread);
            }
            quote(configuration, dataset, paper_metric(metric, options_), cell);
            row.cells.push_back(std::move(cell));
        }
        if (datasets_.size() > 1) { row.cells.push_back(average_of(configuration, metric, parts)); }
        add_row_costs(configuration, row);
        return row;
    }

    /// Of all data sets, or of none.
    [[nodiscard]] RivalCell average_of(const Configuration& configuration,
                                       const std::string& metric,
                                       const std::vector<CellRuns>& parts) const {
        RivalCell cell;
        const bool is_whole = parts.size() == datasets_.size() &&
                              std::ranges::all_of(parts, [&](const CellRuns& part) {
                                  return cell_of({part}, options_.spread).mean.has_value();
                              });
        if (is_whole) { cell.ours = cell_of(parts, options_.spread); }
        quote(configuration, kAverage, paper_metric(metric, options_), cell);
        return cell;
    }

    void add_row_costs(const Configuration& configuration, RivalTable::Row& row) const {
        RunsBySeed all;  // Of all data sets: their categories under one name each.
        for (const auto& [dataset, runs] : datasets_) {
            const auto found = runs.configurations.find(configuration);
            if (found == runs.configurations.end()) { continue; }
            for (const auto& [seed, categories] : found->second) {
                for (const auto& [category, run] : categories) {
                    all[seed].emplace(concat(dataset, "/", category), run);
                }
            }
        }
        row.cost = mean_cost(all);
        const QueryTime wanted{row.backbone, row.image_size, row.setting,
                               row.shots,    row.modules,    row.detector};
        const auto time = std::ranges::find_if(options_.times, [&](const QueryTime& known) {
            return known.points() == wanted.points();
        });
        if (time != options_.times.end()) { row.time = *time; }
    }

    /// Of each data set, among the rows of a heat that were measured and not tuned on it.
    void mark_all(RivalTable& table) const {
        std::size_t column = 0;
        for (const auto& [dataset, runs] : datasets_) {
            for (std::size_t first = 0; first < configurations_.size();) {
                auto end = first;
                while (end < configurations_.size() &&
                       heat_of(configurations_[end]) == heat_of(configurations_[first])) {
                    ++end;
                }
                mark_heat({first, end}, column, runs, table);
                first = end;
            }
            ++column;
        }
    }

    void mark_heat(std::pair<std::size_t, std::size_t> rows, std::size_t column,
                   const DatasetRuns& runs, RivalTable& table) const {
        std::vector<const RunsBySeed*> behind;
        std::vector<Cell*> cells;
        for (auto i = rows.first; i < rows.second; ++i) {
            auto& cell = table.rows[i].cells[column].ours;
            if (table.rows[i].tuned || !cell.mean) { continue; }
            behind.push_back(&runs.configurations.at(configurations_[i]));
            cells.push_back(&cell);
        }
        mark_best(behind, runs.categories, table.metric, cells);
    }

    const Results& results_;
    const RivalDatasets& datasets_;
    const RivalsOptions& options_;
    std::vector<Configuration> configurations_;
};

}  // namespace

std::vector<RivalTable> make_rivals(const Results& results, const RivalsOptions& options) {
    const auto datasets = group_runs(results);
    const RivalMaker maker(results, datasets, options);
    std::vector<RivalTable> tables;
    for (const auto& metric : results.metric_names) {
        if (paper_metric(metric, options).empty()) { continue; }
        auto table = maker.table(metric);
        const auto has_cost = [](const RivalTable::Row& row) { return row.cost || row.time; };
        table.with_costs = tables.empty() && std::ranges::any_of(table.rows, has_cost);
        table.footnotes = rival_footnotes(table, results, datasets);
        tables.push_back(std::move(table));
    }
    return tables;
}

}  // namespace patchead
