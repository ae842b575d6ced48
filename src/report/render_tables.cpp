#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "csv.hpp"
#include "patchead/core/files.hpp"
#include "patchead/report/tables.hpp"

namespace patchead {
namespace {

/// Characters of UTF-8 text: bytes that do not continue another.
std::size_t width(const std::string& text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

/// Numbers notes from 1 in order of their first use.
class Footnotes {
  public:
    explicit Footnotes(std::vector<std::string> general) : general_(std::move(general)) {}

    std::string mark(const std::string& note) {
        if (note.empty()) { return {}; }
        const auto found = std::ranges::find(notes_, note);
        const auto number = static_cast<std::size_t>(found - notes_.begin()) + 1;
        if (found == notes_.end()) { notes_.push_back(note); }
        return fmt::format(" [{}]", number);
    }

    [[nodiscard]] std::string text() const {
        std::string lines;
        for (std::size_t i = 0; i < notes_.size(); ++i) {
            lines += fmt::format("\n[{}] {}\n", i + 1, notes_[i]);
        }
        for (const auto& note : general_) { lines += fmt::format("\n{}\n", note); }
        return lines;
    }

  private:
    std::vector<std::string> notes_;
    std::vector<std::string> general_;
};

std::string cell_text(const Cell& cell, Footnotes& footnotes) {
    const auto number = cell.mean ? fmt::format("{:.1f} ± {:.1f}", 100 * *cell.mean, 100 * cell.std)
                                  : std::string("–");
    return number + footnotes.mark(cell.note);
}

using Lines = std::vector<std::vector<std::string>>;

std::string aligned(const Lines& lines, std::size_t left_columns) {
    std::vector<std::size_t> widths(lines.front().size(), 3);
    for (const auto& line : lines) {
        for (std::size_t i = 0; i < line.size(); ++i) {
            widths[i] = std::max(widths[i], width(line[i]));
        }
    }
    std::string text;
    for (std::size_t row = 0; row < lines.size(); ++row) {
        for (std::size_t i = 0; i < widths.size(); ++i) {
            const std::string space(widths[i] - width(lines[row][i]), ' ');
            text += "| " + (i < left_columns ? lines[row][i] + space : space + lines[row][i]) + " ";
        }
        text += "|\n";
        if (row > 0) { continue; }
        for (std::size_t i = 0; i < widths.size(); ++i) {
            const std::string dashes(widths[i] + 1, '-');
            text += "|" + (i < left_columns ? dashes + "-" : dashes + ":");
        }
        text += "|\n";
    }
    return text;
}

nlohmann::ordered_json to_json(const Cell& cell) {
    nlohmann::ordered_json json;
    if (cell.mean) {
        json["mean"] = *cell.mean;
        json["std"] = cell.std;
    } else {
        json["mean"] = nullptr;
        json["std"] = nullptr;
    }
    json["seeds"] = cell.seeds;
    json["categories"] = cell.categories;
    if (!cell.note.empty()) { json["note"] = cell.note; }
    return json;
}

}  // namespace

std::string to_markdown(const Table& table) {
    Footnotes footnotes(table.footnotes);
    Lines lines{table.row_columns};
    lines[0].insert(lines[0].end(), table.value_columns.begin(), table.value_columns.end());
    for (const auto& row : table.rows) {
        lines.push_back(row.labels);
        for (const auto& cell : row.cells) { lines.back().push_back(cell_text(cell, footnotes)); }
    }
    return fmt::format("**{}**\n\n{}{}", table.caption, aligned(lines, table.row_columns.size()),
                       footnotes.text());
}

std::string to_csv(const Table& table) {
    std::string text;
    for (const auto& name : table.row_columns) { text += csv_field(name) + ","; }
    for (const auto& name : table.value_columns) {
        text += fmt::format("{0},{0}_std,", csv_field(name));
    }
    text += "seeds\n";
    for (const auto& row : table.rows) {
        int seeds = 0;
        for (const auto& label : row.labels) { text += csv_field(label) + ","; }
        for (const auto& cell : row.cells) {
            text += cell.mean ? fmt::format("{},{},", csv_number(*cell.mean), csv_number(cell.std))
                              : std::string("nan,nan,");
            seeds = std::max(seeds, cell.seeds);
        }
        text += fmt::format("{}\n", seeds);
    }
    return text;
}

std::string to_json(const Table& table) {
    nlohmann::ordered_json rows = nlohmann::ordered_json::array();
    for (const auto& row : table.rows) {
        nlohmann::ordered_json json;
        for (std::size_t i = 0; i < row.labels.size(); ++i) {
            json[table.row_columns[i]] = row.labels[i];
        }
        for (std::size_t i = 0; i < row.cells.size(); ++i) {
            json["values"][table.value_columns[i]] = to_json(row.cells[i]);
        }
        rows.push_back(json);
    }
    const nlohmann::ordered_json json{{"name", table.name},
                                      {"caption", table.caption},
                                      {"row_columns", table.row_columns},
                                      {"value_columns", table.value_columns},
                                      {"rows", rows},
                                      {"footnotes", table.footnotes}};
    return json.dump(2) + "\n";
}

void write_tables(const std::filesystem::path& folder, const std::vector<Table>& tables) {
    for (const auto& table : tables) {
        write_whole(folder / (table.name + ".md"), to_markdown(table));
        write_whole(folder / (table.name + ".csv"), to_csv(table));
        write_whole(folder / (table.name + ".json"), to_json(table));
    }
}

}  // namespace patchead
