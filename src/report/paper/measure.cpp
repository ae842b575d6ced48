#include "paper/measure.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "paper/backbones.hpp"
#include "patchead/core/registry.hpp"

namespace patchead {
namespace {

const char* const kAbsent = "missing: not among the results";

bool has_run(const RunsBySeed& runs, const std::string& category) {
    return std::ranges::any_of(runs, [&](const auto& seed) {
        const auto run = seed.second.find(category);
        return run != seed.second.end() && run->second.row != nullptr;
    });
}

/// Over data sets.
bool is_average(const PaperPoint& point) { return point.dataset == "Average"; }

PaperPoint of_dataset(PaperPoint point, const std::string& dataset) {
    point.dataset = dataset;
    return point;
}

void add_note(std::string& note, const std::string& more) {
    if (!more.empty()) { note += (note.empty() ? "" : "; ") + more; }
}

}  // namespace

std::string report_detail::name_in_results(std::string dataset) {
    std::ranges::transform(dataset, dataset.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return dataset;
}

PaperMeasure::PaperMeasure(const Results& results, const PaperReference& reference,
                           const PaperOptions& options)
    : reference_(reference), options_(options), datasets_(group_runs(results)) {
    for (const auto& row : results.rows) {
        const auto [place, is_new] = images_.try_emplace({row.dataset, row.category});
        if (!is_new) { continue; }  // All points of a category have the same test images.
        const auto anomalous =
            std::ranges::count_if(row.anomalous, [](auto is) { return is != 0; });
        place->second = {static_cast<double>(std::ssize(row.anomalous) - anomalous),
                         static_cast<double>(anomalous)};
    }
}

std::vector<std::string> PaperMeasure::wanted_categories(const PaperPoint& point) const {
    if (!point.category.empty()) { return {point.category}; }
    return reference_.categories(point.dataset);
}

/// Words for the same computation: "patchead+" is what the paper uses on the data set.
std::vector<std::string> PaperMeasure::modules_of(const PaperPoint& point) const {
    if (!point.detector.empty()) { return {"none"}; }
    const auto plus = std::ranges::find_if(reference_.numbers, [&](const PaperNumber& number) {
        return number.point.method == "PatchEAD+" && number.point.dataset == point.dataset;
    });
    if (plus == reference_.numbers.end()) { return {point.modules}; }
    if (point.modules == "patchead+") { return {point.modules, plus->modules}; }
    if (point.modules == plus->modules) { return {point.modules, "patchead+"}; }
    return {point.modules};
}

const RunsBySeed* PaperMeasure::runs_of(const PaperPoint& point) const {
    const auto dataset = datasets_.find(name_in_results(point.dataset));
    if (dataset == datasets_.end()) { return nullptr; }
    const auto& paper = find(paper_backbones(), "backbone of the paper", point.backbone);
    const auto stand_in = options_.stand_ins.find(point.backbone);
    const StandIn own = stand_in == options_.stand_ins.end()
                            ? StandIn{std::string(paper.results), paper.side_px}
                            : stand_in->second;
    ResultRow row;
    row.backbone = own.backbone;
    row.image_size = point.image_size > 0 ? point.image_size : own.side_px;
    row.setting = point.setting;
    row.shots = point.shots;
    if (!point.detector.empty()) { row.detector = point.detector; }
    for (const auto& modules : modules_of(point)) {
        row.modules = modules;
        const auto runs = dataset->second.configurations.find(configuration_of(row));
        if (runs != dataset->second.configurations.end()) { return &runs->second; }
    }
    return nullptr;
}

CellRuns PaperMeasure::runs_of_dataset(const PaperPoint& point) const {
    auto wanted = wanted_categories(point);
    const auto* runs = runs_of(point);
    if (runs != nullptr && options_.partial) {
        std::erase_if(wanted, [&](const auto& category) { return !has_run(*runs, category); });
    }
    return {name_in_results(point.dataset),
            runs,
            {wanted.begin(), wanted.end()},
            point.metric == "P-PRO" ? options_.pro : point.metric};
}

std::vector<CellRuns> PaperMeasure::runs_behind(const PaperPoint& point) const {
    std::vector<CellRuns> behind;
    const auto add = [&](CellRuns part) {
        if (part.runs != nullptr) { behind.push_back(std::move(part)); }
    };
    if (!is_average(point)) {
        add(runs_of_dataset(point));
        return behind;
    }
    for (const auto& [dataset, type] : reference_.dataset_types) {
        add(runs_of_dataset(of_dataset(point, dataset)));
    }
    return behind;
}

PaperMeasure::Means PaperMeasure::means_of(const PaperPoint& point) const {
    Means means{{{}, 0, kAbsent}, {}, wanted_categories(point).size(), false};
    const auto part = runs_of_dataset(point);
    if (part.runs == nullptr || part.categories.empty()) { return means; }
    means.seeds = seed_means(*part.runs, part.categories, part.metric);
    means.used = {part.categories.begin(), part.categories.end()};
    means.whole = means.seeds.categories == means.wanted;
    return means;
}

/// Of data sets: their unweighted mean, seed by seed.
PaperMeasure::Means PaperMeasure::average_of(const PaperPoint& point) const {
    Means all{{}, {}, reference_.dataset_types.size(), true};
    std::vector<SeedMeans> parts;
    std::vector<std::string> absent;
    std::string note;
    for (const auto& [dataset, type] : reference_.dataset_types) {
        const auto means = means_of(of_dataset(point, dataset));
        if (means.seeds.values.empty()) {
            absent.push_back(dataset);
            continue;
        }
        if (!means.seeds.note.empty()) { add_note(note, dataset + ": " + means.seeds.note); }
        parts.push_back(means.seeds);
        all.whole = all.whole && means.whole;
        if (means.used.size() == means.wanted) { all.used.push_back(dataset); }
    }
    all.whole = all.whole && absent.empty();
    const bool enough = absent.empty() || options_.partial;
    if (!parts.empty() && enough) { all.seeds = mean_over(parts); }
    all.seeds.note = absent.empty() ? note : fmt::format("missing: {}", fmt::join(absent, ", "));
    return all;
}

Measured PaperMeasure::of(const PaperPoint& point) const {
    const bool of_datasets = is_average(point);
    const auto means = of_datasets ? average_of(point) : means_of(point);
    Measured measured{make_cell(means.seeds, options_.spread), means.whole};
    if (measured.cell.mean && means.used.size() < means.wanted) {
        add_note(measured.cell.note,
                 fmt::format("{} of {} {} only: {}", means.used.size(), means.wanted,
                             of_datasets ? "whole data sets" : "categories",
                             fmt::join(means.used, ", ")));
    }
    if (!measured.cell.mean && measured.cell.note.empty()) { measured.cell.note = kAbsent; }
    return measured;
}

Measured PaperMeasure::count(const PaperPoint& point) const {
    const auto wanted = wanted_categories(point);
    std::vector<std::string> found;
    double images = 0;
    for (const auto& category : wanted) {
        const auto place = images_.find({name_in_results(point.dataset), category});
        if (place == images_.end()) { continue; }
        found.push_back(category);
        images += point.metric == "test_normal" ? place->second.normal : place->second.anomalous;
    }
    Measured measured;
    measured.whole = found.size() == wanted.size();
    if (found.empty()) {
        measured.cell.note = kAbsent;
        return measured;
    }
    measured.cell.mean = point.metric == "categories" ? static_cast<double>(found.size()) : images;
    measured.cell.seeds = 1;
    measured.cell.categories = static_cast<int>(found.size());
    if (!measured.whole) {
        measured.cell.note = fmt::format("{} of {} categories only: {}", found.size(),
                                         wanted.size(), fmt::join(found, ", "));
    }
    return measured;
}

}  // namespace patchead
