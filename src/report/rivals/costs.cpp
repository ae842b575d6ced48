#include "patchead/report/costs.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "patchead/core/detector_names.hpp"
#include "patchead/core/files.hpp"
#include "patchead/results/csv.hpp"
#include "tables/cells.hpp"
#include "tables/row_costs.hpp"
#include "text/cell_numbers.hpp"
#include "text/detector_footnotes.hpp"
#include "text/percent.hpp"
#include "text/text_grid.hpp"

namespace patchead {
namespace {

double all_flops(const CostTable::Row& row) {
    return row.cost.network_flop + row.cost.scoring_flop;
}

/// NaN is below nothing.
bool is_beaten(const CostTable::Row& row, const CostTable::Row& other) {
    const bool no_worse = all_flops(other) <= all_flops(row) && *other.cell.mean >= *row.cell.mean;
    return no_worse && (all_flops(other) < all_flops(row) || *other.cell.mean > *row.cell.mean);
}

/// `of`: each row. What was tuned on the test data does not compete.
void mark_front(const std::vector<Configuration>& of, std::vector<CostTable::Row>& rows) {
    const auto competes = [&](std::size_t row) {
        return rows[row].cell.mean && !of[row].detector.second.ends_with(kPublishedSuffix);
    };
    for (std::size_t i = 0; i < rows.size(); ++i) {
        bool front = competes(i) && all_flops(rows[i]) > 0;
        for (std::size_t j = 0; j < rows.size() && front; ++j) {
            if (of[j].shots != of[i].shots || !competes(j)) { continue; }
            front = !is_beaten(rows[i], rows[j]);
        }
        rows[i].front = front;
    }
}

std::vector<std::string> cost_footnotes(const DatasetRuns& runs, const Results& results) {
    std::vector<std::string> notes{
        "FLOP of one query, reckoned from shapes (docs/detectors.md): network, its passes and "
        "those of copies made for it; scoring, from features to scores, without what bounds or "
        "masks save. Memory: what references are kept as, in a batch the features of the others.",
        "front: no row with as many shots has less FLOP in all and as high a mean, or a higher "
        "mean and as little; without what was tuned on the test data."};
    ShownDetectors shown;
    add_shown(runs, shown);
    std::ranges::move(detector_footnotes(shown, results), std::back_inserter(notes));
    return notes;
}

CostTable make_cost_table(const std::string& dataset, const DatasetRuns& runs,
                          const Results& results, Spread spread) {
    CostTable table;
    table.name = "costs_" + dataset;
    table.caption = fmt::format("{}: what a query costs", dataset);
    table.row_columns = label_columns(runs);
    std::vector<Configuration> of;
    for (const auto& [configuration, seeds] : runs.configurations) {
        const auto cost = mean_cost(seeds);
        if (!cost) { continue; }
        table.rows.push_back(
            {labels_of(configuration, runs), *cost,
             make_cell(seed_means(seeds, runs.categories, std::string(kResampledMetric)), spread)});
        of.push_back(configuration);
    }
    mark_front(of, table.rows);
    table.footnotes = cost_footnotes(runs, results);
    return table;
}

std::string cost_cell(const CostTable::Row& row, Footnotes& footnotes) {
    return percent_with_std(row.cell) + footnotes.mark(row.cell.note);
}

}  // namespace

std::vector<CostTable> make_cost_tables(const Results& results, Spread spread) {
    std::vector<CostTable> tables;
    for (const auto& [dataset, runs] : group_runs(results)) {
        auto table = make_cost_table(dataset, runs, results, spread);
        if (!table.rows.empty()) { tables.push_back(std::move(table)); }
    }
    return tables;
}

std::string to_markdown(const CostTable& table) {
    std::vector<TextColumn> columns;
    for (const auto& name : table.row_columns) { columns.push_back({name, {}, false}); }
    std::vector<TextColumn> values{{"network GFLOP", {}, true},
                                   {"scoring GFLOP", {}, true},
                                   {"memory MB", {}, true},
                                   {fmt::format("{} %", kResampledMetric), {}, true},
                                   {"front", {}, false}};
    Footnotes footnotes;
    for (const auto& row : table.rows) {
        for (std::size_t i = 0; i < row.labels.size(); ++i) {
            columns[i].cells.push_back(in_one_line(row.labels[i]));
        }
        values[0].cells.push_back(giga_text(row.cost.network_flop));
        values[1].cells.push_back(giga_text(row.cost.scoring_flop));
        values[2].cells.push_back(mega_text(row.cost.memory_bytes));
        values[3].cells.push_back(cost_cell(row, footnotes));
        values[4].cells.emplace_back(row.front ? "✓" : "");
    }
    const auto constant = take_constant(columns);
    std::ranges::move(values, std::back_inserter(columns));
    return fmt::format("**{}**\n\n{}{}{}", table.caption, constant, constant.empty() ? "" : "\n\n",
                       grid(columns, table.rows.size())) +
           footnotes.text(table.footnotes);
}

std::string to_csv(const CostTable& table) {
    std::string text;
    for (const auto& name : table.row_columns) { text += csv_field(name) + ","; }
    text += fmt::format("network_flop,scoring_flop,memory_bytes,{0},{0}_std,seeds,front\n",
                        kResampledMetric);
    for (const auto& row : table.rows) {
        for (const auto& label : row.labels) { text += csv_field(label) + ","; }
        text += fmt::format("{},{},{},{},{},{},{}\n", csv_number(row.cost.network_flop),
                            csv_number(row.cost.scoring_flop), csv_number(row.cost.memory_bytes),
                            csv_optional(row.cell.mean), csv_optional(std_of(row.cell)),
                            row.cell.seeds, row.front ? 1 : 0);
    }
    return text;
}

std::string to_json(const CostTable& table) {
    using Json = nlohmann::ordered_json;
    Json rows = Json::array();
    for (const auto& row : table.rows) {
        Json json = Json::object();
        for (std::size_t i = 0; i < row.labels.size(); ++i) {
            json[table.row_columns[i]] = row.labels[i];
        }
        add_cost(row.cost, json);
        json["mean"] = optional_json(row.cell.mean);
        json["std"] = optional_json(std_of(row.cell));
        json["seeds"] = row.cell.seeds;
        json["front"] = row.front;
        rows.push_back(std::move(json));
    }
    const Json json{{"name", table.name},
                    {"caption", table.caption},
                    {"metric", kResampledMetric},
                    {"row_columns", table.row_columns},
                    {"rows", rows},
                    {"footnotes", table.footnotes}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

void write_costs(const std::filesystem::path& folder, const Results& results, Spread spread) {
    const auto csv = costs_csv(results);
    if (csv.empty()) { return; }
    write_whole(folder / "costs.csv", csv);
    for (const auto& table : make_cost_tables(results, spread)) {
        write_whole(folder / "tables" / (table.name + ".md"), to_markdown(table));
        write_whole(folder / "tables" / (table.name + ".csv"), to_csv(table));
        write_whole(folder / "tables" / (table.name + ".json"), to_json(table));
    }
}

}  // namespace patchead
