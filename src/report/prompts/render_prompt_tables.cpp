#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "patchead/core/files.hpp"
#include "patchead/report/prompt_tables.hpp"
#include "patchead/results/csv.hpp"
#include "text/percent.hpp"
#include "text/text_grid.hpp"

namespace patchead {
namespace {

using PromptJson = nlohmann::ordered_json;

/// "a + b".
std::string joined(const std::vector<std::string>& prompts) {
    std::string text;
    for (const auto& prompt : prompts) { text += (text.empty() ? "" : " + ") + prompt; }
    return text;
}

std::string draw_text(const PromptSpread::Draw& draw) {
    return in_one_line(fmt::format("{} {}", percent(draw.value), joined(draw.prompts)));
}

std::string wins_text(const std::optional<PromptPairs>& pairs) {
    return pairs ? fmt::format("{} of {}", pairs->wins, pairs->draws) : "–";
}

std::string difference_text(const std::optional<PromptPairs>& pairs) {
    return pairs ? paper_difference(pairs->difference, false) : "–";
}

std::string undefined_note(const PromptSpread& spread) {
    if (spread.undefined == 0) { return ""; }
    return fmt::format("without {} draws whose value is undefined", spread.undefined);
}

std::vector<TextColumn> spread_columns() {
    return {{"draws", {}, true},   {"mean ± std", {}, true}, {"5 %", {}, true},
            {"median", {}, true},  {"95 %", {}, true},       {"worst", {}, false},
            {"middle", {}, false}, {"best", {}, false},      {"wins", {}, true},
            {"by", {}, true}};
}

void add_row(const PromptTable::Row& row, std::vector<TextColumn>& columns, Footnotes& footnotes) {
    const auto& spread = row.spread;
    const std::vector<std::string> cells{
        std::to_string(spread.draws) + footnotes.mark(undefined_note(spread)),
        fmt::format("{} ± {}", percent(spread.mean), percent(spread.std)),
        percent(spread.low),
        percent(spread.median),
        percent(spread.high),
        draw_text(spread.worst),
        draw_text(spread.middle),
        draw_text(spread.best),
        wins_text(row.pairs),
        difference_text(row.pairs)};
    for (std::size_t i = 0; i < cells.size(); ++i) { columns[i].cells.push_back(cells[i]); }
}

PromptJson draw_json(const PromptSpread::Draw& draw) {
    return {{"prompts", draw.prompts}, {"value", draw.value}};
}

PromptJson row_json(const PromptTable& table, const PromptTable::Row& row) {
    auto json = PromptJson::object();
    for (std::size_t i = 0; i < row.labels.size(); ++i) {
        json[table.row_columns[i]] = row.labels[i];
    }
    const auto& spread = row.spread;
    json.update(PromptJson{{"metric", row.metric},
                           {"draws", spread.draws},
                           {"undefined", spread.undefined},
                           {"mean", spread.mean},
                           {"std", spread.std},
                           {"low", spread.low},
                           {"median", spread.median},
                           {"high", spread.high},
                           {"worst", draw_json(spread.worst)},
                           {"middle", draw_json(spread.middle)},
                           {"best", draw_json(spread.best)}});
    json["paired_draws"] = row.pairs ? PromptJson(row.pairs->draws) : PromptJson();
    json["wins"] = row.pairs ? PromptJson(row.pairs->wins) : PromptJson();
    json["difference"] = row.pairs ? PromptJson(row.pairs->difference) : PromptJson();
    return json;
}

}  // namespace

std::string to_markdown(const PromptTable& table) {
    std::vector<TextColumn> columns;
    for (const auto& name : table.row_columns) { columns.push_back({name, {}, false}); }
    auto values = spread_columns();
    Footnotes footnotes;
    std::size_t rows = 0;
    for (const auto& row : table.rows) {
        if (row.metric != kResampledMetric) { continue; }
        for (std::size_t i = 0; i < row.labels.size(); ++i) {
            columns[i].cells.push_back(in_one_line(row.labels[i]));
        }
        add_row(row, values, footnotes);
        ++rows;
    }
    const auto constant = take_constant(columns);
    std::ranges::move(values, std::back_inserter(columns));
    return fmt::format("**{} ({} %)**\n\n{}{}{}", table.caption, kResampledMetric, constant,
                       constant.empty() ? "" : "\n\n", grid(columns, rows)) +
           footnotes.text(table.footnotes);
}

std::string to_csv(const PromptTable& table) {
    std::string text;
    for (const auto& name : table.row_columns) { text += csv_field(name) + ","; }
    text +=
        "metric,draws,undefined,mean,std,low,median,high,worst,worst_prompts,middle,"
        "middle_prompts,best,best_prompts,paired_draws,wins,difference\n";
    for (const auto& row : table.rows) {
        for (const auto& label : row.labels) { text += csv_field(label) + ","; }
        const auto& spread = row.spread;
        text +=
            fmt::format("{},{},{},{},{},{},{},{}", csv_field(row.metric), spread.draws,
                        spread.undefined, csv_number(spread.mean), csv_number(spread.std),
                        csv_number(spread.low), csv_number(spread.median), csv_number(spread.high));
        for (const auto* draw : {&spread.worst, &spread.middle, &spread.best}) {
            text +=
                fmt::format(",{},{}", csv_number(draw->value), csv_field(joined(draw->prompts)));
        }
        text += row.pairs ? fmt::format(",{},{},{}\n", row.pairs->draws, row.pairs->wins,
                                        csv_number(row.pairs->difference))
                          : ",,,\n";
    }
    return text;
}

std::string to_json(const PromptTable& table) {
    auto rows = PromptJson::array();
    for (const auto& row : table.rows) { rows.push_back(row_json(table, row)); }
    const PromptJson json{{"name", table.name},
                          {"caption", table.caption},
                          {"row_columns", table.row_columns},
                          {"rows", rows},
                          {"footnotes", table.footnotes}};
    return json.dump(2, ' ', false, PromptJson::error_handler_t::replace) + "\n";
}

void write_prompt_tables(const std::filesystem::path& folder,
                         const std::vector<PromptTable>& tables) {
    for (const auto& table : tables) {
        write_whole(folder / (table.name + ".md"), to_markdown(table));
        write_whole(folder / (table.name + ".csv"), to_csv(table));
        write_whole(folder / (table.name + ".json"), to_json(table));
    }
}

}  // namespace patchead
