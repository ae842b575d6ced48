#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "patchead/report/tables.hpp"
#include "patchead/results/csv.hpp"
#include "text/table_files.hpp"

namespace patchead {
namespace {

using Json = nlohmann::ordered_json;

Json cell_json(const Cell& cell) {
    Json json{{"mean", nullptr}, {"std", nullptr}};
    if (cell.mean) { json = {{"mean", *cell.mean}, {"std", cell.std}}; }
    if (cell.interval) { json["interval"] = {cell.interval->low, cell.interval->high}; }
    json["seeds"] = cell.seeds;
    json["categories"] = cell.categories;
    if (!cell.note.empty()) { json["note"] = cell.note; }
    if (cell.best) { json["best"] = true; }
    return json;
}

Json row_json(const Table& table, const Table::Row& row) {
    Json json = Json::object();
    for (std::size_t i = 0; i < row.labels.size(); ++i) {
        json[table.row_columns[i]] = row.labels[i];
    }
    if (row.transductive) { json["transductive"] = true; }
    json["values"] = Json::object();
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
        json["values"][table.value_columns[i]] = cell_json(row.cells[i]);
    }
    return json;
}

/// Whether any cell of a column has an interval.
bool has_intervals(const Table& table, std::size_t column) {
    return std::ranges::any_of(
        table.rows, [&](const Table::Row& row) { return row.cells[column].interval.has_value(); });
}

std::string csv_pair(bool there, double one, double other) {
    return there ? csv_number(one) + "," + csv_number(other) + "," : "nan,nan,";
}

std::string csv_line(const Table::Row& row, const std::vector<bool>& with_interval) {
    std::string text;
    for (const auto& label : row.labels) { text += csv_field(label) + ","; }
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
        const auto& cell = row.cells[i];
        const auto interval = cell.interval.value_or(Interval{});
        text += csv_pair(cell.mean.has_value(), cell.mean.value_or(0), cell.std);
        if (with_interval[i]) {
            text += csv_pair(cell.interval.has_value(), interval.low, interval.high);
        }
    }
    return text + fmt::format("{}\n", row.seeds());
}

}  // namespace

std::string to_csv(const Table& table) {
    std::string text;
    for (const auto& name : table.row_columns) { text += csv_field(name) + ","; }
    std::vector<bool> with_interval;
    for (const auto& name : table.value_columns) {
        with_interval.push_back(has_intervals(table, with_interval.size()));
        text += csv_field(name) + "," + csv_field(name + "_std") + ",";
        if (with_interval.back()) {
            text += csv_field(name + "_low") + "," + csv_field(name + "_high") + ",";
        }
    }
    text += "seeds\n";
    for (const auto& row : table.rows) { text += csv_line(row, with_interval); }
    return text;
}

std::string to_json(const Table& table) {
    Json rows = Json::array();
    for (const auto& row : table.rows) { rows.push_back(row_json(table, row)); }
    const Json json{{"name", table.name},
                    {"caption", table.caption},
                    {"row_columns", table.row_columns},
                    {"value_columns", table.value_columns},
                    {"rows", rows},
                    {"footnotes", table.footnotes}};
    // Names of folders need not be UTF-8, JSON must be.
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

void write_tables(const std::filesystem::path& folder, const std::vector<Table>& tables) {
    write_each(folder, tables);
}

}  // namespace patchead
