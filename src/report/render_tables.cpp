#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "csv.hpp"
#include "patchead/core/files.hpp"
#include "patchead/report/tables.hpp"

namespace patchead {
namespace {

using Json = nlohmann::ordered_json;

Json cell_json(const Cell& cell) {
    Json json{{"mean", nullptr}, {"std", nullptr}};
    if (cell.mean) { json = {{"mean", *cell.mean}, {"std", cell.std}}; }
    json["seeds"] = cell.seeds;
    json["categories"] = cell.categories;
    if (!cell.note.empty()) { json["note"] = cell.note; }
    return json;
}

Json row_json(const Table& table, const Table::Row& row) {
    Json json = Json::object();
    for (std::size_t i = 0; i < row.labels.size(); ++i) {
        json[table.row_columns[i]] = row.labels[i];
    }
    json["values"] = Json::object();
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
        json["values"][table.value_columns[i]] = cell_json(row.cells[i]);
    }
    return json;
}

}  // namespace

std::string to_csv(const Table& table) {
    std::string text;
    for (const auto& name : table.row_columns) { text += csv_field(name) + ","; }
    for (const auto& name : table.value_columns) {
        text += csv_field(name) + "," + csv_field(name + "_std") + ",";
    }
    text += "seeds\n";
    for (const auto& row : table.rows) {
        for (const auto& label : row.labels) { text += csv_field(label) + ","; }
        for (const auto& cell : row.cells) {
            text += cell.mean ? csv_number(*cell.mean) + "," + csv_number(cell.std) : "nan,nan";
            text += ",";
        }
        text += fmt::format("{}\n", row.seeds());
    }
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
    for (const auto& table : tables) {
        write_whole(folder / (table.name + ".md"), to_markdown(table));
        write_whole(folder / (table.name + ".csv"), to_csv(table));
        write_whole(folder / (table.name + ".json"), to_json(table));
    }
}

}  // namespace patchead
