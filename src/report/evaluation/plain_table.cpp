#include "patchead/report/plain_table.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "text/cell_numbers.hpp"
#include "text/latex.hpp"
#include "text/percent.hpp"
#include "text/table_files.hpp"
#include "text/text_grid.hpp"

namespace patchead {
namespace {

using Kind = PlainTable::Kind;

std::string kind_name(Kind kind) {
    static constexpr std::array<const char*, 4> kNames{"text", "percent", "points", "count"};
    return kNames.at(static_cast<std::size_t>(kind));
}

std::string shown_text(const PlainTable::Value& value, Kind kind) {
    if (kind == Kind::text) { return in_one_line(value.text); }
    if (!value.number) { return "–"; }
    if (kind == Kind::points) { return paper_difference(*value.number, false); }
    return paper_number(*value.number, kind == Kind::count);
}

struct ShownColumns {
    std::vector<TextColumn> labels;
    std::vector<TextColumn> values;
    std::size_t rows = 0;
    std::vector<std::string> notes;
};

ShownColumns shown_columns(const PlainTable& table) {
    ShownColumns shown{{}, {}, std::min(table.shown, table.rows.size()), {}};
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const auto& [name, kind] = table.columns[i];
        TextColumn column{name, {}, kind != Kind::text};
        for (std::size_t row = 0; row < shown.rows; ++row) {
            column.cells.push_back(shown_text(table.rows[row][i], kind));
        }
        (i < table.labels ? shown.labels : shown.values).push_back(std::move(column));
    }
    if (shown.rows < table.rows.size()) {
        shown.notes.push_back(fmt::format("The first {} of {} rows; {}.csv has all.", shown.rows,
                                          table.rows.size(), table.name));
    }
    std::ranges::copy(table.footnotes, std::back_inserter(shown.notes));
    return shown;
}

}  // namespace

std::string to_markdown(const PlainTable& table) {
    auto shown = shown_columns(table);
    const auto constant = take_constant(shown.labels);
    std::ranges::move(shown.values, std::back_inserter(shown.labels));
    return fmt::format("**{}**\n\n{}{}{}", table.caption, constant, constant.empty() ? "" : "\n\n",
                       grid(shown.labels, shown.rows)) +
           Footnotes().text(shown.notes);
}

std::string to_latex(const PlainTable& table) {
    const auto shown = shown_columns(table);
    return latex_table(table.name, table.caption, shown.labels, shown.values, shown.rows,
                       shown.notes);
}

std::string to_csv(const PlainTable& table) {
    std::string text;
    const auto end_of = [&](std::size_t i) { return i + 1 < table.columns.size() ? "," : "\n"; };
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        auto name = table.columns[i].name;
        std::ranges::replace(name, ' ', '_');
        text += csv_field(name) + end_of(i);
    }
    for (const auto& row : table.rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            text += table.columns[i].kind == Kind::text ? csv_field(row[i].text)
                                                        : csv_optional(row[i].number);
            text += end_of(i);
        }
    }
    return text;
}

std::string to_json(const PlainTable& table) {
    using Json = nlohmann::ordered_json;
    Json columns = Json::array();
    for (const auto& column : table.columns) {
        columns.push_back({{"name", column.name}, {"kind", kind_name(column.kind)}});
    }
    Json rows = Json::array();
    for (const auto& row : table.rows) {
        Json values = Json::array();
        for (std::size_t i = 0; i < row.size(); ++i) {
            values.push_back(table.columns[i].kind == Kind::text ? Json(row[i].text)
                                                                 : optional_json(row[i].number));
        }
        rows.push_back(std::move(values));
    }
    const Json json{{"name", table.name}, {"caption", table.caption},
                    {"columns", columns}, {"labels", table.labels},
                    {"rows", rows},       {"footnotes", table.footnotes}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

void write_plain_tables(const std::filesystem::path& folder,
                        const std::vector<PlainTable>& tables) {
    write_each(folder, tables);
}

}  // namespace patchead
