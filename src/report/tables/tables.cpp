#include "patchead/report/tables.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "patchead/core/counted.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/registry.hpp"
#include "patchead/metrics/metric_names.hpp"
#include "tables/aggregates.hpp"
#include "tables/best.hpp"
#include "tables/cells.hpp"
#include "text/detector_footnotes.hpp"
#include "text/stack_footnote.hpp"
#include "text/transductive.hpp"

namespace patchead {
namespace {

constexpr auto kBackboneLimits = std::to_array<std::pair<std::string_view, std::string_view>>({
#define PATCHEAD_BACKBONE_LIMITS(name, footnote) {name, footnote},
#include "tables/backbone_limits.def"
#undef PATCHEAD_BACKBONE_LIMITS
});

Table::Row make_row(std::vector<std::string> labels, const RunsBySeed& runs,
                    const std::set<std::string>& categories,
                    const std::vector<std::string>& metrics, Spread spread) {
    Table::Row row{std::move(labels), {}};
    for (const auto& metric : metrics) {
        row.cells.push_back(make_cell(seed_means(runs, categories, metric), spread));
    }
    return row;
}

/// Marks the best of each column among the rows `first`, `first + step`, ...: those of the same
/// `categories`, a row for each configuration. `metrics`: columns that are of one metric each.
void mark_best_rows(const DatasetRuns& runs, const std::set<std::string>& categories,
                    std::size_t first, std::size_t step, std::size_t metrics, Table& table) {
    std::vector<const RunsBySeed*> behind;
    for (const auto& [configuration, seeds] : runs.configurations) { behind.push_back(&seeds); }
    for (std::size_t column = 0; column < metrics; ++column) {
        std::vector<Cell*> cells;
        for (auto row = first; row < table.rows.size(); row += step) {
            cells.push_back(&table.rows[row].cells[column]);
        }
        mark_best(behind, categories, table.value_columns[column], cells);
    }
}

bool leaves_something_out(const Table& table) {
    return std::ranges::any_of(table.rows, [](const Table::Row& row) {
        return std::ranges::any_of(row.cells, [](const Cell& cell) { return !cell.note.empty(); });
    });
}

std::vector<std::string> footnotes_of(const Table& table, const DatasetRuns& runs,
                                      const Results& results, Spread spread) {
    std::vector<std::string> notes{
        fmt::format("Means over the seeds ± {} standard deviation over them; a value without ± "
                    "comes from one seed.",
                    spread == Spread::sample ? "sample" : "population")};
    if (leaves_something_out(table)) {
        notes.emplace_back(
            "A mean leaves out undefined values, and every seed in which a category is missing.");
    }
    if (results.bootstrap) {
        notes.push_back(fmt::format(
            "In parentheses: 95 % interval of {} over the test images ({} resamples, seed {}).",
            kResampledMetric, results.bootstrap->resamples, results.bootstrap->seed));
    }
    for (const auto& [name, footnote] : kBackboneLimits) {
        if (std::ranges::any_of(runs.configurations, [&, backbone = name](const auto& entry) {
                return entry.first.backbone == backbone;
            })) {
            notes.emplace_back(footnote);
        }
    }
    ShownDetectors shown;
    add_shown(runs, shown);
    std::ranges::move(detector_footnotes(shown, results), std::back_inserter(notes));
    for (const auto& metric : table.value_columns) {
        if (auto note = emulation_note(metric); !note.empty()) {
            notes.push_back(concat(note, "."));
        }
    }
    std::ranges::move(transductive_footnotes(runs, results), std::back_inserter(notes));
    if (auto note = stack_footnote(results)) { notes.push_back(*std::move(note)); }
    return notes;
}

Table make_summary(const std::string& dataset, const DatasetRuns& runs, const Results& results,
                   Spread spread, const TableColumns& columns) {
    const auto& metrics = columns.metrics;
    Table table;
    table.name = "summary_" + dataset;
    table.caption = fmt::format("{}: unweighted means over {}", dataset,
                                counted(runs.categories.size(), "category", "categories"));
    table.row_columns = label_columns(runs);
    table.value_columns = metrics;
    for (const auto& [configuration, seeds] : runs.configurations) {
        table.rows.push_back(
            make_row(labels_of(configuration, runs), seeds, runs.categories, metrics, spread));
        add_aggregates(seeds, runs.categories, columns, spread, table.rows.back().cells);
        table.rows.back().transductive = is_transductive(configuration, results);
    }
    add_aggregate_columns(columns, table);
    mark_best_rows(runs, runs.categories, 0, 1, metrics.size(), table);
    table.footnotes = footnotes_of(table, runs, results, spread);
    return table;
}

Table make_categories(const std::string& dataset, const DatasetRuns& runs, const Results& results,
                      Spread spread, const std::vector<std::string>& metrics) {
    Table table;
    table.name = "categories_" + dataset;
    table.caption = fmt::format("{}: each category, and their unweighted mean", dataset);
    table.row_columns = label_columns(runs);
    table.row_columns.emplace_back("category");
    table.value_columns = metrics;
    for (const auto& [configuration, seeds] : runs.configurations) {
        auto labels = labels_of(configuration, runs);
        labels.emplace_back();
        const auto first = table.rows.size();
        for (const auto& category : runs.categories) {
            labels.back() = category;
            table.rows.push_back(make_row(labels, seeds, {category}, metrics, spread));
        }
        labels.back() = "Average";
        table.rows.push_back(make_row(labels, seeds, runs.categories, metrics, spread));
        for (auto row = first; row < table.rows.size(); ++row) {
            table.rows[row].transductive = is_transductive(configuration, results);
        }
    }
    std::size_t first = 0;
    const auto step = runs.categories.size() + 1;
    for (const auto& category : runs.categories) {
        mark_best_rows(runs, {category}, first++, step, metrics.size(), table);
    }
    mark_best_rows(runs, runs.categories, first, step, metrics.size(), table);
    table.footnotes = footnotes_of(table, runs, results, spread);
    return table;
}

}  // namespace

int Table::Row::seeds() const {
    int most = 0;
    for (const auto& cell : cells) { most = std::max(most, cell.seeds); }
    return most;
}

TableColumns columns_of(const Results& results, TableColumns columns) {
    const std::vector<std::string_view> known(results.metric_names.begin(),
                                              results.metric_names.end());
    columns.metrics =
        columns.metrics.empty() ? results.metric_names : asked_metrics(columns.metrics);
    for (const auto& name : columns.metrics) {
        require<ConfigError>(std::ranges::count(known, name) > 0,
                             unknown_name("metric of these results", name, known));
    }
    return columns;
}

std::vector<Table> make_tables(const Results& results, Spread spread, const TableColumns& columns) {
    const auto chosen = columns_of(results, columns);
    std::vector<Table> tables;
    for (const auto& [dataset, runs] : group_runs(results)) {
        tables.push_back(make_summary(dataset, runs, results, spread, chosen));
        tables.push_back(make_categories(dataset, runs, results, spread, chosen.metrics));
    }
    return tables;
}

}  // namespace patchead
