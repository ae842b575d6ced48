#include <array>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "patchead/report/text_study.hpp"
#include "patchead/results/csv.hpp"
#include "text/cell_numbers.hpp"
#include "text/latex.hpp"
#include "text/percent.hpp"
#include "text/table_files.hpp"
#include "text/text_grid.hpp"

namespace patchead {
namespace {

using StudyRow = TextStudyTable::Row;

/// A measure's name in CSV and JSON, and for people.
struct MeasureName {
    const char* name;
    const char* title;
};

constexpr std::array<MeasureName, kStudyMeasures> kMeasureNames{{{"mean_normal", "normal"},
                                                                 {"mean_anomalous", "anomalous"},
                                                                 {"overlap", "overlap"},
                                                                 {"auroc", "I-AUROC"},
                                                                 {"bound", "I_CLUB"},
                                                                 {"shift", "shift"}}};

/// A label of rows by its name.
struct RowLabel {
    const char* name;
    std::string StudyRow::*of;
};

constexpr auto kRowLabels = std::to_array<RowLabel>({{"category", &StudyRow::category},
                                                     {"backbone", &StudyRow::backbone},
                                                     {"image_size", &StudyRow::image_size},
                                                     {"setting", &StudyRow::setting},
                                                     {"shots", &StudyRow::shots},
                                                     {"critic", &StudyRow::critic},
                                                     {"modules", &StudyRow::modules},
                                                     {"augmented", &StudyRow::augmented},
                                                     {"term", &StudyRow::term}});

std::string signed_percent(double value) {
    const auto size = percent(value < 0 ? -value : value);
    return value < 0 && size != percent(0) ? "-" + size : size;
}

/// "12.3 (10.1 to 14.2)".
std::string value_text(const StudyValue& value) {
    if (!value.value) { return "–"; }
    const auto text = signed_percent(*value.value);
    if (!value.interval) { return text; }
    return fmt::format("{} ({} to {})", text, signed_percent(value.interval->low),
                       signed_percent(value.interval->high));
}

std::vector<TextColumn> label_columns_of(const TextStudyTable& table) {
    std::vector<TextColumn> columns;
    for (const auto& label : kRowLabels) {
        TextColumn column{label.name, {}, false};
        bool is_told = false;
        for (const auto& row : table.rows) {
            column.cells.push_back(in_one_line(row.*label.of));
            is_told = is_told || !column.cells.back().empty();
        }
        if (is_told) { columns.push_back(std::move(column)); }
    }
    return columns;
}

std::vector<TextColumn> value_columns_of(const TextStudyTable& table, Footnotes& footnotes) {
    std::vector<TextColumn> columns;
    for (const auto& measure : kMeasureNames) { columns.push_back({measure.title, {}, true}); }
    for (const auto& row : table.rows) {
        for (std::size_t i = 0; i < kStudyMeasures; ++i) {
            columns[i].cells.push_back(value_text(row.values[i]) +
                                       (i == 0 ? footnotes.mark(row.note) : ""));
        }
    }
    return columns;
}

}  // namespace

std::string to_markdown(const TextStudyTable& table) {
    Footnotes footnotes;
    const auto text = percent_table(table.caption, label_columns_of(table),
                                    value_columns_of(table, footnotes), table.rows.size());
    return text + footnotes.text(table.footnotes);
}

std::string to_latex(const TextStudyTable& table) {
    Footnotes footnotes;
    const auto values = value_columns_of(table, footnotes);
    return latex_table(table.name, table.caption, label_columns_of(table), values,
                       table.rows.size(), footnotes.all(table.footnotes));
}

std::string to_csv(const TextStudyTable& table) {
    std::string text;
    for (const auto& label : kRowLabels) { text += fmt::format("{},", label.name); }
    text += "members,measure,value,low,high,note\n";
    for (const auto& row : table.rows) {
        std::string labels;
        for (const auto& label : kRowLabels) { labels += csv_field(row.*label.of) + ","; }
        for (std::size_t i = 0; i < kStudyMeasures; ++i) {
            const auto& value = row.values[i];
            text += fmt::format("{}{},{},{},{},{},{}\n", labels, row.members, kMeasureNames[i].name,
                                csv_optional(value.value), csv_optional(low_of(value)),
                                csv_optional(high_of(value)), csv_field(row.note));
        }
    }
    return text;
}

std::string to_json(const TextStudyTable& table) {
    using Json = nlohmann::ordered_json;
    Json rows = Json::array();
    for (const auto& row : table.rows) {
        Json json = Json::object();
        for (const auto& label : kRowLabels) { json[label.name] = row.*label.of; }
        json["members"] = row.members;
        for (std::size_t i = 0; i < kStudyMeasures; ++i) {
            const auto& value = row.values[i];
            json[kMeasureNames[i].name] = {{"value", optional_json(value.value)},
                                           {"low", optional_json(low_of(value))},
                                           {"high", optional_json(high_of(value))}};
        }
        json["note"] = row.note;
        rows.push_back(std::move(json));
    }
    const Json json{{"name", table.name},
                    {"caption", table.caption},
                    {"rows", std::move(rows)},
                    {"footnotes", table.footnotes}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

void write_text_study(const std::filesystem::path& folder,
                      const std::vector<TextStudyTable>& tables) {
    write_each(folder, tables);
}

}  // namespace patchead
