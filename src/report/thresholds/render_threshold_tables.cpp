#include <cmath>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "patchead/core/files.hpp"
#include "patchead/report/threshold_tables.hpp"
#include "patchead/results/csv.hpp"
#include "text/percent.hpp"
#include "text/text_grid.hpp"

namespace patchead {
namespace {

using ThresholdJson = nlohmann::ordered_json;

double gap_of(const ThresholdTable::Means& means) { return means.f1_max - means.f1; }

std::string share_text(double share) { return std::isnan(share) ? "–" : percent(share); }

std::string gap_text(const ThresholdTable::Means& means) {
    return std::isnan(gap_of(means)) ? "–" : paper_difference(gap_of(means), false);
}

/// The mean of a count over draws, "4" or "4.3"; "–" without any.
template <class Count>
std::string mean_count(const ThresholdTable::Row& row, Count count) {
    if (row.draws.empty()) { return "–"; }
    double sum = 0;
    for (const auto& draw : row.draws) { sum += static_cast<double>(draw.*count); }
    const double mean = sum / static_cast<double>(row.draws.size());
    return mean == std::floor(mean) ? fmt::format("{:.0f}", mean) : fmt::format("{:.1f}", mean);
}

/// "4.3 of 41 (10.6)".
template <class Count>
std::string counts_text(const ThresholdTable::Row& row, Count part, Count all, double share) {
    if (row.draws.empty()) { return fmt::format("({})", share_text(share)); }
    return fmt::format("{} of {} ({})", mean_count(row, part), mean_count(row, all),
                       share_text(share));
}

std::string threshold_text(const ThresholdTable::Row& row) {
    if (row.draws.empty()) { return "–"; }
    double sum = 0;
    for (const auto& draw : row.draws) { sum += draw.threshold; }
    return fmt::format("{:.4f}", sum / static_cast<double>(row.draws.size()));
}

std::vector<TextColumn> threshold_columns() {
    return {{"rule", {}, false},        {"scores", {}, true}, {"threshold", {}, true},
            {"false alarms", {}, true}, {"misses", {}, true}, {"F1", {}, true},
            {"F1max", {}, true},        {"gap", {}, true}};
}

void add_cells(const ThresholdTable::Row& row, std::vector<TextColumn>& columns) {
    using Draw = ThresholdTable::Draw;
    const std::vector<std::string> cells{
        row.rule,
        mean_count(row, &Draw::scores),
        threshold_text(row),
        counts_text(row, &Draw::false_alarms, &Draw::normal, row.means.false_alarms),
        counts_text(row, &Draw::misses, &Draw::anomalous, row.means.misses),
        share_text(row.means.f1),
        share_text(row.means.f1_max),
        gap_text(row.means)};
    for (std::size_t i = 0; i < cells.size(); ++i) { columns[i].cells.push_back(cells[i]); }
}

ThresholdJson number_json(double value) {
    return std::isnan(value) ? ThresholdJson() : ThresholdJson(value);
}

ThresholdJson draw_json(const ThresholdTable::Draw& draw) {
    return {{"seed", draw.seed},
            {"threshold", draw.threshold},
            {"scores", draw.scores},
            {"normal", draw.normal},
            {"anomalous", draw.anomalous},
            {"false_alarms", draw.false_alarms},
            {"misses", draw.misses},
            {"f1", number_json(draw.f1)},
            {"f1_max", number_json(draw.f1_max)}};
}

ThresholdJson row_json(const ThresholdTable& table, const ThresholdTable::Row& row) {
    auto json = ThresholdJson::object();
    for (std::size_t i = 0; i < row.labels.size(); ++i) {
        json[table.row_columns[i]] = row.labels[i];
    }
    json["rule"] = row.rule;
    json["false_alarms"] = number_json(row.means.false_alarms);
    json["misses"] = number_json(row.means.misses);
    json["f1"] = number_json(row.means.f1);
    json["f1_max"] = number_json(row.means.f1_max);
    json["gap"] = number_json(gap_of(row.means));
    json["draws"] = ThresholdJson::array();
    for (const auto& draw : row.draws) { json["draws"].push_back(draw_json(draw)); }
    return json;
}

}  // namespace

std::string to_markdown(const ThresholdTable& table) {
    std::vector<TextColumn> columns;
    for (const auto& name : table.row_columns) { columns.push_back({name, {}, false}); }
    auto values = threshold_columns();
    for (const auto& row : table.rows) {
        for (std::size_t i = 0; i < row.labels.size(); ++i) {
            columns[i].cells.push_back(in_one_line(row.labels[i]));
        }
        add_cells(row, values);
    }
    const auto constant = take_constant(columns);
    std::ranges::move(values, std::back_inserter(columns));
    return fmt::format("**{} (shares and F1 in percent)**\n\n{}{}{}", table.caption, constant,
                       constant.empty() ? "" : "\n\n", grid(columns, table.rows.size())) +
           Footnotes().text(table.footnotes);
}

std::string to_csv(const ThresholdTable& table) {
    std::string text;
    for (const auto& name : table.row_columns) { text += csv_field(name) + ","; }
    text += "rule,seed,threshold,scores,normal,anomalous,false_alarms,misses,f1,f1_max\n";
    for (const auto& row : table.rows) {
        std::string labels;
        for (const auto& label : row.labels) { labels += csv_field(label) + ","; }
        for (const auto& draw : row.draws) {
            text += fmt::format("{}{},{},{},{},{},{},{},{},{},{}\n", labels, csv_field(row.rule),
                                draw.seed, csv_number(draw.threshold), draw.scores, draw.normal,
                                draw.anomalous, draw.false_alarms, draw.misses, csv_number(draw.f1),
                                csv_number(draw.f1_max));
        }
    }
    return text;
}

std::string to_json(const ThresholdTable& table) {
    auto rows = ThresholdJson::array();
    for (const auto& row : table.rows) { rows.push_back(row_json(table, row)); }
    const ThresholdJson json{{"name", table.name},
                             {"caption", table.caption},
                             {"row_columns", table.row_columns},
                             {"rows", rows},
                             {"footnotes", table.footnotes}};
    return json.dump(2, ' ', false, ThresholdJson::error_handler_t::replace) + "\n";
}

void write_threshold_tables(const std::filesystem::path& folder,
                            const std::vector<ThresholdTable>& tables) {
    for (const auto& table : tables) {
        write_whole(folder / (table.name + ".md"), to_markdown(table));
        write_whole(folder / (table.name + ".csv"), to_csv(table));
        write_whole(folder / (table.name + ".json"), to_json(table));
    }
}

}  // namespace patchead
