#include "rivals/rival_footnotes.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "paper/measure.hpp"
#include "paper/rivals.hpp"
#include "patchead/report/paper_reference.hpp"
#include "tables/best.hpp"
#include "text/detector_footnotes.hpp"
#include "text/stack_footnote.hpp"
#include "text/transductive.hpp"

namespace patchead::inline report_detail {
namespace {

bool has_quote(const RivalTable& table) {
    return std::ranges::any_of(table.rows, [](const RivalTable::Row& row) {
        return std::ranges::any_of(row.cells,
                                   [](const RivalCell& cell) { return cell.quoted.has_value(); });
    });
}

/// What quoted numbers are, and where measured ones are of fewer categories.
void add_quote_notes(const RivalTable& table, const RivalDatasets& datasets,
                     std::vector<std::string>& notes) {
    if (!has_quote(table)) { return; }
    notes.emplace_back(
        "‡: quoted from the paper (Tables 1 and 2), not measured here: on another network, or at "
        "another size.");
    for (const auto& row : table.rows) {
        const auto* rival = rival_of_detector(row.detector);
        const std::string note(rival == nullptr ? "" : rival->note);
        if (!note.empty() && std::ranges::find(notes, note) == notes.end()) {
            notes.push_back(note);
        }
    }
    const auto& reference = paper_reference();
    for (const auto& [name, type] : reference.dataset_types) {
        const auto found = datasets.find(name_in_results(name));
        const auto all = reference.categories(name).size();
        if (found == datasets.end() || found->second.categories.size() >= all) { continue; }
        notes.push_back(
            fmt::format("{}: measured on {} of the {} categories of the quoted numbers.",
                        found->first, found->second.categories.size(), all));
    }
}

/// Those of all data sets, each once.
void add_transductive_notes(const Results& results, const RivalDatasets& datasets,
                            std::vector<std::string>& notes) {
    for (const auto& [dataset, runs] : datasets) {
        for (auto& note : transductive_footnotes(runs, results)) {
            if (std::ranges::find(notes, note) == notes.end()) { notes.push_back(std::move(note)); }
        }
    }
}

void add_cost_notes(const RivalTable& table, std::vector<std::string>& notes) {
    notes.emplace_back(
        "GFLOP of a query, reckoned (network: its passes; scoring: everything after them); memory: "
        "what references are kept as, in a batch the features of the others.");
    std::set<std::string> machines;
    for (const auto& row : table.rows) {
        if (row.time) { machines.insert(row.time->machine); }
    }
    if (machines.empty()) { return; }
    notes.push_back(fmt::format(
        "ms of a query, measured on {} while the sweep ran (by the clock: whatever else ran there "
        "counts); they are no results and differ from run to run.",
        fmt::join(machines, "; ")));
}

}  // namespace

std::vector<std::string> rival_footnotes(const RivalTable& table, const Results& results,
                                         const RivalDatasets& datasets) {
    std::vector<std::string> notes{
        "Means over categories, then over the seeds ± their standard deviation."};
    if (results.bootstrap && table.metric == kResampledMetric) {
        notes.push_back(
            fmt::format("In parentheses: 95 % interval over the test images ({} resamples, seed "
                        "{}).",
                        results.bootstrap->resamples, results.bootstrap->seed));
    }
    notes.push_back(best_footnote() +
                    " Rows with the same backbone, size and shots compete; those that were tuned "
                    "on the test data and averages over data sets do not.");
    add_transductive_notes(results, datasets, notes);
    add_quote_notes(table, datasets, notes);
    if (table.with_costs) { add_cost_notes(table, notes); }
    ShownDetectors shown;
    for (const auto& [dataset, runs] : datasets) { add_shown(runs, shown); }
    std::ranges::move(detector_footnotes(shown, results), std::back_inserter(notes));
    if (auto note = stack_footnote(results)) { notes.push_back(*std::move(note)); }
    return notes;
}

}  // namespace patchead::inline report_detail
