#include <algorithm>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "patchead/core/shots.hpp"
#include "patchead/report/rivals.hpp"
#include "patchead/results/csv.hpp"
#include "patchead/results/point.hpp"
#include "tables/row_costs.hpp"
#include "text/cell_numbers.hpp"
#include "text/latex.hpp"
#include "text/percent.hpp"
#include "text/shots_text.hpp"
#include "text/table_files.hpp"
#include "text/text_grid.hpp"

namespace patchead {
namespace {

int most_seeds(const RivalTable::Row& row) {
    int most = 0;
    for (const auto& cell : row.cells) { most = std::max(most, cell.ours.seeds); }
    return most;
}

std::vector<TextColumn> rival_labels(const RivalTable& table) {
    std::vector<TextColumn> columns{{"backbone", {}, false},
                                    {"image_size", {}, false},
                                    {"shots", {}, false},
                                    {"method", {}, false},
                                    {"seeds", {}, false}};
    for (const auto& row : table.rows) {
        columns[0].cells.push_back(in_one_line(row.backbone));
        columns[1].cells.push_back(in_one_line(row.image_size));
        columns[2].cells.push_back(shots_text(row.setting, row.shots));
        columns[3].cells.push_back(in_one_line(row.method));
        columns[4].cells.push_back(std::to_string(most_seeds(row)));
    }
    return columns;
}

std::string measured_text(const Cell& cell, Footnotes& footnotes) {
    auto text = percent_with_std(cell);
    if (cell.interval) {
        text += fmt::format(" ({}–{})", percent(cell.interval->low), percent(cell.interval->high));
    }
    return text + footnotes.mark(cell.note);
}

std::string quoted_text(const RivalCell& cell) {
    if (!cell.quoted) { return ""; }
    const auto value = percent(*cell.quoted);
    return cell.quoted_std ? fmt::format("{} ± {}", value, percent(*cell.quoted_std)) : value;
}

bool quotes_any(const RivalTable& table, std::size_t column) {
    return std::ranges::any_of(table.rows, [&](const RivalTable::Row& row) {
        return row.cells[column].quoted.has_value();
    });
}

void add_cost_columns(const RivalTable& table, std::vector<TextColumn>& columns) {
    std::vector<TextColumn> costs{{"network GFLOP", {}, true},
                                  {"scoring GFLOP", {}, true},
                                  {"memory MB", {}, true},
                                  {"network ms", {}, true},
                                  {"scoring ms", {}, true}};
    bool is_timed = false;
    for (const auto& row : table.rows) {
        const auto cost = row.cost.value_or(PointCost{});
        costs[0].cells.push_back(giga_text(cost.network_flop));
        costs[1].cells.push_back(giga_text(cost.scoring_flop));
        costs[2].cells.push_back(mega_text(cost.memory_bytes));
        costs[3].cells.push_back(row.time ? amount_text(row.time->network_ms) : "–");
        costs[4].cells.push_back(row.time ? amount_text(row.time->scoring_ms) : "–");
        is_timed |= row.time.has_value();
    }
    if (!is_timed) { costs.resize(3); }
    std::ranges::move(costs, std::back_inserter(columns));
}

/// What a cell looks like that is the best for sure.
using Mark = std::string (*)(const std::string& text);

std::vector<TextColumn> rival_values(const RivalTable& table, Footnotes& footnotes, Mark mark) {
    std::vector<TextColumn> columns;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        TextColumn measured{in_one_line(table.columns[i]), {}, true};
        TextColumn quoted{measured.name + " ‡", {}, true};
        for (const auto& row : table.rows) {
            const auto& cell = row.cells[i];
            const auto text = measured_text(cell.ours, footnotes);
            if (cell.ours.best) { measured.bold.insert(measured.cells.size()); }
            measured.cells.push_back(cell.ours.best ? mark(text) : text);
            quoted.cells.push_back(quoted_text(cell));
        }
        columns.push_back(std::move(measured));
        if (quotes_any(table, i)) { columns.push_back(std::move(quoted)); }
    }
    if (table.with_costs) { add_cost_columns(table, columns); }
    return columns;
}

nlohmann::ordered_json rival_cell_json(const RivalCell& cell) {
    nlohmann::ordered_json json{{"mean", optional_json(cell.ours.mean)},
                                {"std", optional_json(std_of(cell.ours))}};
    if (cell.ours.interval) {
        json["interval"] = {cell.ours.interval->low, cell.ours.interval->high};
    }
    json["seeds"] = cell.ours.seeds;
    json["categories"] = cell.ours.categories;
    json["best"] = cell.ours.best;
    json["quoted"] = optional_json(cell.quoted);
    json["quoted_std"] = optional_json(cell.quoted_std);
    json["note"] = cell.ours.note;
    return json;
}

nlohmann::ordered_json shots_json(int shots) {
    if (shots == kAllShots) { return kAllShotsWord; }
    return shots;
}

nlohmann::ordered_json rival_row_json(const RivalTable& table, const RivalTable::Row& row) {
    nlohmann::ordered_json json{{"backbone", row.backbone},
                                {"image_size", row.image_size},
                                {"setting", row.setting},
                                {"shots", shots_json(row.shots)},
                                {"shots_text", shots_text(row.setting, row.shots)},
                                {"detector", row.detector},
                                {"method", row.method},
                                {"modules", row.modules},
                                {"tuned", row.tuned},
                                {"transductive", row.transductive}};
    json["values"] = nlohmann::ordered_json::object();
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
        json["values"][table.columns[i]] = rival_cell_json(row.cells[i]);
    }
    if (!table.with_costs) { return json; }
    add_cost(row.cost.value_or(PointCost{}), json);
    json["network_ms"] = row.time ? nlohmann::ordered_json(row.time->network_ms) : nullptr;
    json["scoring_ms"] = row.time ? nlohmann::ordered_json(row.time->scoring_ms) : nullptr;
    return json;
}

std::string rival_csv_line(const RivalTable& table, const RivalTable::Row& row,
                           std::size_t column) {
    const auto& cell = row.cells[column];
    const auto cost = row.cost.value_or(PointCost{});
    const auto ms = [&](double QueryTime::*member) {
        return row.time ? csv_number((*row.time).*member) : "nan";
    };
    return fmt::format(
        "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n",
        csv_field(table.metric), csv_field(row.backbone), csv_field(row.image_size), row.setting,
        shots_label(row.shots), csv_field(row.detector), csv_field(row.modules),
        row.tuned ? "yes" : "no", csv_field(table.columns[column]), csv_optional(cell.ours.mean),
        csv_optional(std_of(cell.ours)), csv_optional(low_of(cell.ours)),
        csv_optional(high_of(cell.ours)), cell.ours.seeds, cell.ours.best ? 1 : 0,
        csv_optional(cell.quoted), csv_optional(cell.quoted_std), csv_number(cost.network_flop),
        csv_number(cost.scoring_flop), csv_number(cost.memory_bytes), ms(&QueryTime::network_ms),
        ms(&QueryTime::scoring_ms), csv_field(cell.ours.note));
}

}  // namespace

std::string to_markdown(const RivalTable& table) {
    Footnotes footnotes;
    const auto values =
        rival_values(table, footnotes, [](const std::string& text) { return "**" + text + "**"; });
    return percent_table(table.caption, rival_labels(table), values, table.rows.size()) +
           footnotes.text(table.footnotes);
}

std::string to_latex(const RivalTable& table) {
    Footnotes footnotes;
    const auto values =
        rival_values(table, footnotes, [](const std::string& text) { return text; });
    return latex_table(table.name, table.caption, rival_labels(table), values, table.rows.size(),
                       footnotes.all(table.footnotes));
}

std::string to_csv(const RivalTable& table) {
    std::string text =
        "metric,backbone,image_size,setting,shots,detector,modules,tuned,dataset,value,std,low,"
        "high,"
        "seeds,best,quoted,quoted_std,network_flop,scoring_flop,memory_bytes,network_ms,scoring_ms,"
        "note\n";
    for (const auto& row : table.rows) {
        for (std::size_t i = 0; i < row.cells.size(); ++i) {
            text += rival_csv_line(table, row, i);
        }
    }
    return text;
}

std::string to_json(const RivalTable& table) {
    nlohmann::ordered_json rows = nlohmann::ordered_json::array();
    for (const auto& row : table.rows) { rows.push_back(rival_row_json(table, row)); }
    const nlohmann::ordered_json json{
        {"name", table.name},          {"caption", table.caption},       {"metric", table.metric},
        {"columns", table.columns},    {"with_costs", table.with_costs}, {"rows", rows},
        {"footnotes", table.footnotes}};
    return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

void write_rivals(const std::filesystem::path& folder, const std::vector<RivalTable>& tables) {
    write_each(folder, tables);
}

}  // namespace patchead
