#include "paper/measured_lines.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "paper/rivals.hpp"
#include "text/detector_footnotes.hpp"

namespace patchead::inline report_detail {
namespace {

/// Lines of detectors that measure what a row quotes, one for each backbone of the block with
/// which the results have it.
std::vector<PaperRow> measured_lines(const PaperRow& quoted, const PaperBlock& block,
                                     const PaperMeasure& measure) {
    std::vector<PaperRow> lines;
    const auto* rival = rival_of_method(quoted.part.method);
    if (rival == nullptr) { return lines; }
    std::set<std::string> backbones;
    for (const auto& own : block.rows) {
        if (own.quoted || !backbones.insert(own.part.backbone).second) { continue; }
        PaperRow line = quoted;
        line.quoted = line.trained = false;
        line.part.backbone = own.part.backbone;
        line.part.detector = rival->detector;
        line.labels[1] = kTick;  // Of "Training free": none of these detectors is trained.
        line.labels.front() += fmt::format(" measured ({})", own.part.backbone);
        const auto is_there = [&](const PaperColumn& column) {
            return !measure.runs_behind(combine(line.part, column.part)).empty();
        };
        if (std::ranges::any_of(block.columns, is_there)) { lines.push_back(std::move(line)); }
    }
    return lines;
}

/// Of the points behind some numbers.
std::set<std::string> backbones_of(const std::vector<CellRuns>& parts) {
    std::set<std::string> backbones;
    for (const auto& part : parts) {
        for (const auto& [seed, categories] : *part.runs) {
            for (const auto& [category, run] : categories) {
                if (run.row != nullptr) { backbones.insert(run.row->backbone); }
            }
        }
    }
    return backbones;
}

}  // namespace

PaperBlock with_measured_lines(PaperBlock block, const PaperMeasure& measure) {
    std::vector<PaperRow> rows;
    for (const auto& row : block.rows) {
        rows.push_back(row);
        if (!row.quoted) { continue; }
        std::ranges::move(measured_lines(row, block, measure), std::back_inserter(rows));
    }
    block.rows = std::move(rows);
    return block;
}

void add_measured_notes(PaperTable& table, const PaperMeasure& measure, const Results& results) {
    ShownDetectors shown;
    std::set<std::string> notes;
    for (const auto& block : table.blocks) {
        for (const auto& row : block.rows) {
            const auto& point = row.cells.front().point;
            if (point.detector.empty()) { continue; }
            for (const auto& cell : row.cells) {
                shown[point.detector].merge(backbones_of(measure.runs_behind(cell.point)));
            }
            notes.insert(std::string(rival_of_method(point.method)->note));
        }
    }
    if (shown.empty()) { return; }
    table.footnotes.emplace_back(
        "measured: the method above it on the backbone, pixels, prompts and metrics of the other "
        "measured rows; in parentheses what the paper quotes, of another network.");
    notes.erase("");
    table.footnotes.insert(table.footnotes.end(), notes.begin(), notes.end());
    std::ranges::move(detector_footnotes(shown, results), std::back_inserter(table.footnotes));
}

}  // namespace patchead::inline report_detail
