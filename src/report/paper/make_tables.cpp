#include "patchead/core/counted.hpp"
#include "patchead/report/paper_tables.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "paper/backbones.hpp"
#include "paper/definition.hpp"
#include "paper/measure.hpp"
#include "paper/measured_lines.hpp"
#include "patchead/core/registry.hpp"
#include "text/percent.hpp"
#include "text/stack_footnote.hpp"
#include "text/tolerance.hpp"

namespace patchead {
namespace {

/// What all tables of a report are made from.
struct Sources {
    const Results& results;
    const PaperReference& reference;
    const PaperOptions& options;
    const PaperMeasure& measure;
    const std::vector<PaperInconsistency>& inconsistencies;
};

/// Equal notes are told once.
std::size_t place_of(const std::string& note, std::vector<std::string>& notes) {
    const auto found = std::ranges::find(notes, note);
    const auto place = static_cast<std::size_t>(found - notes.begin());
    if (found == notes.end()) { notes.push_back(note); }
    return place;
}

/// What the difference to the paper may be before it is told; counts agree or not.
double tolerance_of(const PaperCell& cell, bool counts) {
    if (counts) { return 0; }
    // What is recovered has no deviation of its own: the printed one is of several shots pooled.
    const double paper_std = cell.recovered ? 0 : cell.paper_std.value_or(0);
    return tolerance(cell.ours.std, paper_std);
}

void compare(PaperCell& cell, bool counts) {
    if (!cell.ours.mean || !cell.paper) { return; }
    cell.difference = *cell.ours.mean - cell.recovered.value_or(*cell.paper);
    cell.outside = std::abs(*cell.difference) > tolerance_of(cell, counts);
}

void quote(PaperCell& cell, const Sources& from, const std::string& table) {
    auto point = cell.point;
    if (!point.detector.empty()) {  // Measured beside what the paper quotes of the method.
        point.backbone.clear();
        point.detector.clear();
    }
    const auto* number = from.reference.find(table, point);
    if (number == nullptr) { return; }
    cell.paper = number->mean;
    cell.paper_std = number->std;
    cell.recovered = number->recovered;
}

/// Notes of what was left out, and of what is wrong in the paper.
void add_notes(PaperCell& cell, bool quoted, const Sources& from, PaperTable& table) {
    if (!cell.ours.note.empty()) { cell.notes.push_back(place_of(cell.ours.note, table.notes)); }
    if (quoted && !cell.paper) {
        cell.notes.push_back(place_of("The paper prints no number here.", table.notes));
    }
    for (const auto& found : from.inconsistencies) {
        if (std::ranges::find(found.cells, std::pair{table.name, cell.point}) ==
            found.cells.end()) {
            continue;
        }
        cell.notes.push_back(place_of("In the paper, " + found.text, table.notes));
    }
}

PaperCell make_cell(const PaperRow& row, const PaperColumn& column, const Sources& from,
                    PaperTable& table) {
    PaperCell cell;
    cell.point = combine(row.part, column.part);
    quote(cell, from, table.name);
    if (!row.quoted) {
        const auto measured =
            table.counts ? from.measure.count(cell.point) : from.measure.of(cell.point);
        cell.ours = measured.cell;
        if (measured.whole) { compare(cell, table.counts); }
        // On another network than quoted a difference is no failure.
        if (!cell.point.detector.empty()) { cell.outside = false; }
    }
    add_notes(cell, row.quoted, from, table);
    return cell;
}

PaperTable::Block make_block(const PaperBlock& definition, const Sources& from, PaperTable& table) {
    PaperTable::Block block{definition.title, definition.label_heads, {}, {}};
    for (const auto& column : definition.columns) { block.heads.push_back(column.heads); }
    for (const auto& row : definition.rows) {
        PaperTable::Row made{row.group, row.labels, row.quoted, {}};
        for (const auto& column : definition.columns) {
            made.cells.push_back(make_cell(row, column, from, table));
        }
        block.rows.push_back(std::move(made));
    }
    return block;
}

/// What a cell competes with: ours, or the number quoted. A mean over fewer categories than the
/// paper's (it is not compared) competes only with its like, where nothing is quoted.
std::optional<double> value_of(const PaperTable::Row& row, const PaperCell& cell, bool quotes) {
    if (row.quoted) { return cell.paper; }
    return quotes && !cell.difference ? std::nullopt : cell.ours.mean;
}

/// A cell and the number it competes with, in tenths of a percent as printed.
struct Competitor {
    PaperCell* cell = nullptr;
    double tenths = 0;
};

/// One alone does not compete. Equal as printed is equally good.
void choose_best(const std::vector<Competitor>& competitors) {
    if (competitors.size() < 2) { return; }
    const double most = std::ranges::max_element(competitors, {}, &Competitor::tenths)->tenths;
    for (const auto& one : competitors) { one.cell->best = one.tenths == most; }
}

void choose_in_columns(const PaperBlock& definition, PaperTable::Block& block) {
    const bool quotes = std::ranges::any_of(block.rows, &PaperTable::Row::quoted);
    std::map<std::pair<std::string, std::size_t>, std::vector<Competitor>> groups;
    const auto add = [&](PaperTable::Row& row, std::size_t column) {
        const auto value = value_of(row, row.cells[column], quotes);
        if (!value) { return; }
        groups[{row.group, column}].push_back({&row.cells[column], std::stod(percent(*value))});
    };
    for (std::size_t i = 0; i < block.rows.size(); ++i) {
        auto& row = block.rows[i];
        const auto columns = definition.rows[i].trained ? 0 : row.cells.size();
        for (std::size_t j = 0; j < columns; ++j) { add(row, j); }
    }
    for (const auto& [where, competitors] : groups) { choose_best(competitors); }
}

void choose_in_average(PaperTable::Row& row) {
    std::map<std::string, std::vector<Competitor>> groups;
    for (auto& cell : row.cells) {
        if (!cell.point.category.empty() || !cell.ours.mean) { continue; }
        groups[cell.point.metric].push_back({&cell, std::stod(percent(*cell.ours.mean))});
    }
    for (const auto& [metric, competitors] : groups) { choose_best(competitors); }
}

void choose_in_averages(PaperTable::Block& block) {
    for (auto& row : block.rows) { choose_in_average(row); }
}

std::vector<std::string> footnotes_of(const PaperDefinition& definition, const Sources& from) {
    auto notes = definition.footnotes;
    if (definition.counts) { return notes; }
    notes.push_back(fmt::format(
        "± is the {} standard deviation over seeds of the data set means; a value without ± comes "
        "from one seed. In parentheses: the paper's value, and ours less the paper's in points; † "
        "where it exceeds both 0.5 points and twice its standard deviation. ‡: quoted from the "
        "paper, not measured here.",
        from.options.spread == Spread::sample ? "sample" : "population"));
    for (const auto& [name, own] : from.options.stand_ins) {
        notes.push_back(
            fmt::format("{} is not the paper's: {} stands in its place.", name, own.backbone));
    }
    return notes;
}

template <class Visit>
void for_each_of_ours(PaperTable& table, Visit visit) {
    const auto visit_if_ours = [&](PaperCell& cell) {
        if (cell.ours.mean) { visit(cell); }
    };
    for (auto& block : table.blocks) {
        for (auto& row : block.rows) { std::ranges::for_each(row.cells, visit_if_ours); }
    }
}

/// How many seeds are behind the numbers: told once, and of each cell with fewer than others.
void tell_seeds(PaperTable& table) {
    int most = 0;
    for_each_of_ours(table, [&](PaperCell& cell) { most = std::max(most, cell.ours.seeds); });
    for_each_of_ours(table, [&](PaperCell& cell) {
        if (cell.ours.seeds == most) { return; }
        cell.notes.push_back(place_of(fmt::format("n = {}.", cell.ours.seeds), table.notes));
    });
    table.footnotes.push_back(fmt::format("n = {}, unless a note says otherwise.",
                                          counted(static_cast<std::size_t>(most), "seed")));
}

bool shows_pro(const PaperTable& table) {
    return std::ranges::any_of(table.blocks, [](const PaperTable::Block& block) {
        return std::ranges::any_of(block.rows.front().cells, [](const PaperCell& cell) {
            return cell.point.metric == "P-PRO";
        });
    });
}

PaperTable make_table(const PaperTableEntry& entry, const Sources& from) {
    const auto definition = entry.define();
    PaperTable table;
    table.name = fmt::format("table{}", entry.name);
    table.source = fmt::format("Table {}", entry.name);
    table.caption = definition.caption;
    table.counts = definition.counts;
    for (const auto& defined : definition.blocks) {
        const auto block = with_measured_lines(defined, from.measure);
        table.blocks.push_back(make_block(block, from, table));
        if (definition.best == Best::of_column) { choose_in_columns(block, table.blocks.back()); }
        if (definition.best == Best::of_average) { choose_in_averages(table.blocks.back()); }
    }
    table.footnotes = footnotes_of(definition, from);
    add_measured_notes(table, from.measure, from.results);
    if (!table.counts) { tell_seeds(table); }
    if (shows_pro(table)) {
        table.footnotes.push_back(fmt::format("PRO is {} (docs/method.md).", from.options.pro));
    }
    return table;
}

bool has_something(PaperTable& table) {
    bool something = false;
    for_each_of_ours(table, [&](const PaperCell&) { something = true; });
    return something;
}

std::vector<PaperTableEntry> entries_of(const std::vector<std::string>& names) {
    const auto all = paper_table_entries();
    if (names.empty()) { return {all.begin(), all.end()}; }
    std::vector<PaperTableEntry> entries;
    entries.reserve(names.size());
    for (const auto& name : names) { entries.push_back(find(all, "table of the paper", name)); }
    return entries;
}

}  // namespace

PaperReport make_paper_tables(const Results& results, const PaperOptions& options) {
    for (const auto& [name, own] : options.stand_ins) {
        static_cast<void>(find(paper_backbones(), "backbone of the paper", name));
    }
    const auto& reference = paper_reference();
    const PaperMeasure measure(results, reference, options);
    const auto inconsistencies = audit(reference);
    PaperReport report;
    for (const auto& entry : entries_of(options.tables)) {
        auto table = make_table(entry, {results, reference, options, measure, inconsistencies});
        if (const auto note = stack_footnote(results)) { table.footnotes.push_back(*note); }
        if (has_something(table)) {
            report.tables.push_back(std::move(table));
        } else {
            report.left_out.push_back(table.source +
                                      " is left out: none of its points is among the results.");
        }
    }
    return report;
}

}  // namespace patchead
