#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "paper/cell_text.hpp"
#include "patchead/core/files.hpp"
#include "patchead/results/csv.hpp"
#include "text/cell_numbers.hpp"
#include "text/table_files.hpp"

namespace patchead {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kCsvHeader =
    "table,block,group,row,column,method,backbone,modules,setting,shots,image_size,dataset,"
    "category,metric,ours,ours_std,ours_low,ours_high,seeds,paper,paper_std,recovered,difference,"
    "outside,best,quoted,"
    "note\n";

std::string csv_point(const PaperPoint& point) {
    return fmt::format("{},{},{},{},{},{},{},{},{}", csv_field(point.method),
                       csv_field(point.backbone), csv_field(point.modules), point.setting,
                       point.shots, point.image_size, csv_field(point.dataset),
                       csv_field(point.category), csv_field(point.metric));
}

std::string note_of(const PaperTable& table, const PaperCell& cell) {
    std::vector<std::string> notes;
    for (const auto note : cell.notes) { notes.push_back(table.notes[note]); }
    return fmt::format("{}", fmt::join(notes, " "));
}

Json paper_cell_json(const PaperTable& table, const PaperCell& cell) {
    const auto& point = cell.point;
    Json json{{"dataset", point.dataset}, {"category", point.category}, {"metric", point.metric}};
    json["method"] = point.method;
    json["backbone"] = point.backbone;
    json["modules"] = point.modules;
    json["setting"] = point.setting;
    json["shots"] = point.shots;
    json["image_size"] = point.image_size;
    json["ours"] = optional_json(cell.ours.mean);
    json["ours_std"] = optional_json(std_of(cell.ours));
    json["ours_low"] = optional_json(low_of(cell.ours));
    json["ours_high"] = optional_json(high_of(cell.ours));
    json["seeds"] = cell.ours.seeds;
    json["paper"] = optional_json(cell.paper);
    json["paper_std"] = optional_json(cell.paper_std);
    json["recovered"] = optional_json(cell.recovered);
    json["difference"] = optional_json(cell.difference);
    json["outside"] = cell.outside;
    json["best"] = cell.best;
    json["note"] = note_of(table, cell);
    return json;
}

Json block_json(const PaperTable& table, const PaperTable::Block& block) {
    Json json{{"title", block.title}, {"label_heads", block.label_heads}, {"heads", block.heads}};
    json["rows"] = Json::array();
    for (const auto& row : block.rows) {
        Json cells = Json::array();
        for (const auto& cell : row.cells) { cells.push_back(paper_cell_json(table, cell)); }
        json["rows"].push_back({{"group", row.group},
                                {"labels", row.labels},
                                {"quoted", row.quoted},
                                {"cells", cells}});
    }
    return json;
}

std::string audit_text(const PaperReport& report) {
    std::string text = "# Audit of the paper's numbers\n";
    for (const auto& reason : report.left_out) { text += fmt::format("\n{}\n", reason); }
    text += "\nWhat does not fit among the numbers that the paper prints:\n\n";
    for (const auto& found : audit(paper_reference())) {
        text += fmt::format("* {}\n", found.text);
    }
    return text;
}

/// A line for each cell.
std::string csv_lines(const PaperTable& table, const PaperTable::Block& block,
                      const PaperTable::Row& row) {
    std::string text;
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
        const auto& cell = row.cells[i];
        text += fmt::format(
            "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", table.name,
            csv_field(block.title), csv_field(row.group), csv_field(joined_heads(row.labels)),
            csv_field(joined_heads(block.heads[i])), csv_point(cell.point),
            csv_optional(cell.ours.mean), csv_optional(std_of(cell.ours)),
            csv_optional(low_of(cell.ours)), csv_optional(high_of(cell.ours)), cell.ours.seeds,
            csv_optional(cell.paper), csv_optional(cell.paper_std), csv_optional(cell.recovered),
            csv_optional(cell.difference), cell.outside ? 1 : 0, cell.best ? 1 : 0,
            row.quoted ? 1 : 0, csv_field(note_of(table, cell)));
    }
    return text;
}

}  // namespace

std::string to_csv(const PaperTable& table) {
    std::string text(kCsvHeader);
    for (const auto& block : table.blocks) {
        for (const auto& row : block.rows) { text += csv_lines(table, block, row); }
    }
    return text;
}

std::string to_json(const PaperTable& table) {
    Json blocks = Json::array();
    for (const auto& block : table.blocks) { blocks.push_back(block_json(table, block)); }
    const Json json{{"name", table.name},       {"source", table.source},
                    {"caption", table.caption}, {"counts", table.counts},
                    {"blocks", blocks},         {"footnotes", table.footnotes}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

void write_paper_tables(const std::filesystem::path& folder, const PaperReport& report) {
    write_each(folder, report.tables);
    write_whole(folder / "audit.md", audit_text(report));
}

}  // namespace patchead
