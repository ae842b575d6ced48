#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "paper/cell_text.hpp"
#include "patchead/core/counted.hpp"
#include "patchead/core/key.hpp"
#include "patchead/report/explain.hpp"
#include "text/cell_numbers.hpp"
#include "text/percent.hpp"
#include "text/text_grid.hpp"

namespace patchead {
namespace {

using Json = nlohmann::ordered_json;

std::string value_text(const Explanation& explanation) {
    const auto& cell = explanation.cell;
    if (explanation.paper && !cell.mean && explanation.values.empty()) {
        return "value  quoted from the paper, not measured here\n";
    }
    if (!cell.mean) { return fmt::format("value  – ({})\n", cell.note); }
    if (explanation.values.empty()) {
        return fmt::format("value  {:.0f}, counted in the test images of the results\n",
                           *cell.mean);
    }
    const auto note = cell.note.empty() ? "" : fmt::format("note   {}\n", cell.note);
    return fmt::format(
        "value  {} %: mean {}, std {}, {}, {}\n{}", percent_with_std(cell), exact_text(*cell.mean),
        exact_text(cell.std), counted(static_cast<std::size_t>(cell.seeds), "seed"),
        counted(static_cast<std::size_t>(cell.categories), "category", "categories"), note);
}

std::string paper_text(const Explanation& explanation) {
    if (!explanation.paper || !explanation.paper->paper) { return {}; }
    const auto& cell = *explanation.paper;
    const bool counts = explanation.values.empty() && cell.ours.mean;
    const auto parts = paper_cell_text(cell, false, counts);
    return fmt::format(
        "paper  {}{}{}{}{}\n", parts.paper, parts.paper_std.empty() ? "" : " ± " + parts.paper_std,
        parts.printed.empty() ? "" : ", printed " + parts.printed,
        parts.difference.empty() ? "" : "; ours less the paper's: ", parts.difference);
}

/// Those of a sweep lie in its store; maps that were measured have none.
bool has_artifacts(const Explanation& explanation) {
    return std::ranges::any_of(explanation.values,
                               [](const ExplainedValue& value) { return !value.artifact.empty(); });
}

std::string again_text(const Explanation& explanation) {
    if (explanation.values.empty()) { return {}; }
    if (!explanation.again) {
        const char* maps = has_artifacts(explanation)
                               ? "it needs anomaly maps, which the artifacts below were made from"
                               : "it needs the anomaly maps";
        return fmt::format("again  {} is not computed again here: {}\n", explanation.metric,
                           explanation.cell.mean ? maps : "there is no value");
    }
    return explanation.holds()
               ? "again  computed from the stored image scores: the same to the last bit\n"
               : fmt::format("again  computed from the stored image scores: IT DIFFERS, mean {}\n",
                             explanation.again->mean ? exact_text(*explanation.again->mean) : "–");
}

std::string number_text(const std::optional<double>& value) {
    return value && !std::isnan(*value) ? exact_text(*value) : "–";
}

std::string values_text(const Explanation& explanation) {
    if (explanation.values.empty()) { return {}; }
    std::vector<TextColumn> columns{{"dataset", {}, false}, {"category", {}, false},
                                    {"seed", {}, true},     {explanation.metric, {}, false},
                                    {"again", {}, false},   {"artifact", {}, false}};
    Footnotes notes;
    for (const auto& value : explanation.values) {
        const auto again = !value.again                 ? ""
                           : value.again == value.value ? "same"
                                                        : number_text(value.again);
        const std::vector<std::string> cells{value.dataset,
                                             value.category,
                                             std::to_string(value.seed),
                                             number_text(value.value) + notes.mark(value.reason),
                                             again,
                                             value.artifact};
        for (std::size_t i = 0; i < cells.size(); ++i) { columns[i].cells.push_back(cells[i]); }
    }
    std::vector<std::string> last;
    if (has_artifacts(explanation)) {
        last.emplace_back(
            "An artifact lies in STORE/result/<its first two digits>/<all of "
            "them>.h5; patchead inspect says what it was made from.");
    } else {
        columns.pop_back();
    }
    return fmt::format("\n{}{}", grid(columns, explanation.values.size()), notes.text(last));
}

Json explained_cell_json(const Cell& cell) {
    return {{"mean", optional_json(cell.mean)},
            {"std", optional_json(std_of(cell))},
            {"seeds", cell.seeds},
            {"categories", cell.categories},
            {"note", cell.note}};
}

Json value_json(const ExplainedValue& value) {
    return {{"dataset", value.dataset},
            {"category", value.category},
            {"seed", value.seed},
            {"value", optional_json(value.value)},
            {"again", optional_json(value.again)},
            {"reason", value.reason},
            {"artifact", value.artifact},
            {"prompts", value.prompts}};
}

}  // namespace

std::string to_text(const Explanation& explanation) {
    auto text = fmt::format("{}\n{}\n\n", explanation.name, explanation.source);
    text += value_text(explanation) + paper_text(explanation) + again_text(explanation) + "\n";
    for (const auto& [name, label] : explanation.labels) {
        text += fmt::format("{}: {}\n", name, label);
    }
    text += values_text(explanation);
    if (!explanation.provenance.empty()) { text += "\nHow the results were made:\n\n"; }
    for (const auto& [name, fact] : explanation.provenance) {
        text += fmt::format("{}: {}\n", name, fact);
    }
    if (!explanation.commands.empty()) { text += "\nTo make these values again:\n"; }
    for (const auto& command : explanation.commands) { text += fmt::format("\n{}\n", command); }
    return text;
}

std::string to_json(const Explanation& explanation) {
    Json json{{"name", explanation.name},
              {"source", explanation.source},
              {"metric", explanation.metric},
              {"labels", Json::object()},
              {"cell", explained_cell_json(explanation.cell)},
              {"again", explanation.again ? explained_cell_json(*explanation.again) : Json()},
              {"holds", explanation.again ? Json(explanation.holds()) : Json()}};
    for (const auto& [name, label] : explanation.labels) { json["labels"][name] = label; }
    if (explanation.paper) {
        json["paper"] = optional_json(explanation.paper->paper);
        json["paper_std"] = optional_json(explanation.paper->paper_std);
        json["recovered"] = optional_json(explanation.paper->recovered);
        json["difference"] = optional_json(explanation.paper->difference);
    }
    json["values"] = Json::array();
    for (const auto& value : explanation.values) { json["values"].push_back(value_json(value)); }
    json["provenance"] = explanation.provenance;
    json["commands"] = explanation.commands;
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace patchead
