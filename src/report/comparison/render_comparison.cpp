#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "comparison/compare_cells.hpp"
#include "paper/cell_text.hpp"
#include "patchead/core/counted.hpp"
#include "patchead/report/comparison.hpp"
#include "patchead/results/csv.hpp"
#include "text/cell_numbers.hpp"
#include "text/latex.hpp"
#include "text/percent.hpp"
#include "text/table_files.hpp"
#include "text/text_grid.hpp"

namespace patchead {
namespace {

using Json = nlohmann::ordered_json;

std::string signed_points(double value) { return paper_difference(value, false); }

std::string interval_text(const Comparison& line) {
    if (!line.interval) { return ""; }
    return fmt::format("{} to {}", signed_points(line.interval->low),
                       signed_points(line.interval->high));
}

/// Labels, and the metric: what a line is about.
std::vector<TextColumn> label_columns_of(const ComparisonTable& table) {
    std::vector<TextColumn> columns;
    for (const auto& name : table.label_columns) { columns.push_back({name, {}, false}); }
    columns.push_back({"metric", {}, false});
    for (const auto& line : table.lines) {
        for (std::size_t i = 0; i < line.labels.size(); ++i) {
            columns[i].cells.push_back(in_one_line(line.labels[i]));
        }
        columns.back().cells.push_back(line.metric);
    }
    return columns;
}

std::vector<TextColumn> value_columns_of(const ComparisonTable& table, Footnotes& footnotes) {
    TextColumn one{table.one_head, {}, true};
    TextColumn other{table.other_head, {}, true};
    TextColumn difference{"difference", {}, true};
    TextColumn interval{"95 % interval", {}, true};
    TextColumn p{"p", {}, true};
    for (const auto& line : table.lines) {
        if (is_sure(line)) { (*line.difference < 0 ? one : other).bold.insert(one.cells.size()); }
        one.cells.push_back(percent_with_std(line.one));
        other.cells.push_back(percent_with_std(line.other));
        difference.cells.push_back((line.difference ? signed_points(*line.difference) : "–") +
                                   footnotes.mark(line.note));
        interval.cells.push_back(interval_text(line));
        p.cells.push_back(line.p ? fmt::format("{:.3f}", *line.p) : "");
    }
    std::vector<TextColumn> columns{one, other, difference};
    const auto has_p = [](const Comparison& line) { return line.p.has_value(); };
    if (std::ranges::any_of(table.lines, has_p)) { columns.insert(columns.end(), {interval, p}); }
    return columns;
}

/// The numbers of a line by their names in CSV and JSON.
struct Numbers {
    std::string_view name;
    std::optional<double> (*of)(const Comparison&);
};
constexpr auto kNumbers = std::to_array<Numbers>({
    {"one", [](const Comparison& line) { return line.one.mean; }},
    {"one_std", [](const Comparison& line) { return std_of(line.one); }},
    {"other", [](const Comparison& line) { return line.other.mean; }},
    {"other_std", [](const Comparison& line) { return std_of(line.other); }},
    {"difference", [](const Comparison& line) { return line.difference; }},
    {"low", [](const Comparison& line) { return low_of(line); }},
    {"high", [](const Comparison& line) { return high_of(line); }},
    {"p", [](const Comparison& line) { return line.p; }},
});

/// The same numbers in both runs, or none in either.
bool is_same(const Comparison& line) {
    return line.one.mean == line.other.mean && line.one.std == line.other.std &&
           (line.note.empty() || !line.one.mean);
}

/// Tables of what changed, and how many cells did not.
std::string changes_text(const std::vector<ComparisonTable>& tables) {
    std::string text;
    std::size_t same = 0;
    for (auto table : tables) {
        same += std::erase_if(table.lines, is_same);
        if (!table.lines.empty()) { text.append("\n").append(to_markdown(table)); }
    }
    if (same > 0) {
        text += fmt::format("\n{} the same in both runs{} (--all shows {}).\n",
                            same == 1 ? "1 mean is" : fmt::format("{} means are", same),
                            text.empty() ? "" : " and not shown", same == 1 ? "it" : "them");
    }
    return text;
}

std::string list_text(const char* head, const std::vector<std::string>& items) {
    if (items.empty()) { return {}; }
    auto text = fmt::format("\n{}\n\n", head);
    for (const auto& item : items) { text += fmt::format("* {}\n", in_one_line(item)); }
    return text;
}

}  // namespace

std::string to_markdown(const ComparisonTable& table) {
    Footnotes footnotes;
    const auto text = percent_table(table.caption, label_columns_of(table),
                                    value_columns_of(table, footnotes), table.lines.size());
    return text + footnotes.text(table.footnotes);
}

std::string to_latex(const ComparisonTable& table) {
    Footnotes footnotes;
    const auto values = value_columns_of(table, footnotes);
    auto notes = footnotes.all(table.footnotes);
    notes.emplace_back(
        "Bold: the better of two, where the difference is sure: beyond 0.5 points and "
        "two standard deviations of it over seeds and, if there is a p, p < 0.05.");
    return latex_table(table.name, table.caption, label_columns_of(table), values,
                       table.lines.size(), notes);
}

std::string to_csv(const ComparisonTable& table) {
    std::string text;
    for (const auto& name : table.label_columns) { text += csv_field(name) + ","; }
    text += "metric,seeds,";
    for (const auto& number : kNumbers) { text += fmt::format("{},", number.name); }
    text += "note\n";
    for (const auto& line : table.lines) {
        for (const auto& label : line.labels) { text += csv_field(label) + ","; }
        text += fmt::format("{},{},", csv_field(line.metric), line.one.seeds);
        for (const auto& number : kNumbers) { text += csv_optional(number.of(line)) + ","; }
        text += csv_field(line.note) + "\n";
    }
    return text;
}

std::string to_json(const ComparisonTable& table) {
    Json lines = Json::array();
    for (const auto& line : table.lines) {
        Json json = Json::object();
        for (std::size_t i = 0; i < line.labels.size(); ++i) {
            json[table.label_columns[i]] = line.labels[i];
        }
        json["metric"] = line.metric;
        json["seeds"] = line.one.seeds;
        for (const auto& number : kNumbers) {
            json[std::string(number.name)] = optional_json(number.of(line));
        }
        json["note"] = line.note;
        lines.push_back(std::move(json));
    }
    const Json json{{"name", table.name},        {"caption", table.caption},
                    {"one", table.one_head},     {"other", table.other_head},
                    {"lines", std::move(lines)}, {"footnotes", table.footnotes}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string to_markdown(const RunComparison& comparison, bool all) {
    auto text = fmt::format("one:   {}\nother: {}\n\n{} in both: {} of {} {}\n", comparison.one,
                            comparison.other, counted(comparison.points, "point"),
                            comparison.different, counted(comparison.values, "value"),
                            comparison.different == 1 ? "differs" : "differ");
    if (all) {
        for (const auto& table : comparison.means) { text.append("\n").append(to_markdown(table)); }
    } else {
        text += changes_text(comparison.means);
    }
    text += list_text("Points of one only:", comparison.only_one);
    text += list_text("Points of the other only:", comparison.only_other);
    text += list_text("What else differs:", comparison.facts);
    return text;
}

std::string to_json(const RunComparison& comparison) {
    const Json json{{"one", comparison.one},           {"other", comparison.other},
                    {"equal", comparison.equal()},     {"points", comparison.points},
                    {"values", comparison.values},     {"different", comparison.different},
                    {"only_one", comparison.only_one}, {"only_other", comparison.only_other},
                    {"facts", comparison.facts}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

void write_comparisons(const std::filesystem::path& folder,
                       const std::vector<ComparisonTable>& tables) {
    write_each(folder, tables);
}

}  // namespace patchead
