#include "patchead/outputs/sweep_outputs.hpp"

#include <algorithm>
#include <iostream>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "map_files.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/numeric_stack.hpp"
#include "patchead/pictures/heatmap.hpp"
#include "patchead/pipeline/point_costs.hpp"
#include "patchead/report/costs.hpp"
#include "patchead/report/prompt_tables.hpp"
#include "patchead/report/tables.hpp"
#include "patchead/report/threshold_tables.hpp"
#include "patchead/results/point.hpp"
#include "point_names.hpp"

namespace patchead {
namespace {

void write_heatmaps(const std::filesystem::path& folder, const SweepPlan& plan,
                    const EvaluateUnit& unit, const std::vector<AnomalyPicture>& pictures) {
    const auto name = point_name(plan, unit);
    const auto place = folder / "heatmaps" / unit.dataset / unit.category / name;
    for (const auto& picture : pictures) {
        const auto& id = plan.spec.samples[picture.sample].id;
        write_heatmap(place / (file_stem(id) + ".png"),
                      {picture.image, picture.truth, picture.size, picture.map, picture.low,
                       picture.high, fmt::format("{}  {}  score {:.3f}", id, name, picture.score)});
    }
}

/// Those of `names`, in that order: a store that is shared may hold results with more.
MetricSet known_metrics(const MetricSet& stored, const std::vector<std::string>& names) {
    MetricSet known;
    for (const auto& name : names) {
        if (const auto* metric = find_metric(stored, name)) { known.push_back(*metric); }
    }
    return known;
}

/// Of the prompts of a point, each against the others.
std::vector<float> left_out_scores(const Store& store, const SweepPlan& plan,
                                   const EvaluateUnit& unit) {
    if (!unit.leave_out) { return {}; }
    const auto& key = plan.leave_outs[*unit.leave_out].key;
    return read_or_quarantine(store, key, [&] { return store.read_scores(key); }).images;
}

/// Of the images beside the test images of a point.
std::vector<UnmeasuredScores> unmeasured_scores(const Store& store, const SweepPlan& plan,
                                                const EvaluateUnit& unit) {
    std::vector<UnmeasuredScores> all;
    for (const auto i : unit.unmeasured) {
        const auto& key = plan.leave_outs[i].key;
        auto scores = read_or_quarantine(store, key, [&] { return store.read_scores(key); });
        const auto first = plan.leave_outs[i].tests.front();
        all.push_back(
            {plan.spec.samples[first].split, std::move(scores.ids), std::move(scores.images)});
    }
    return all;
}

/// What tables that are made of the results again are to have.
void add_threshold_rules(const SweepPlan& plan, Results& results) {
    const auto& rules = plan.spec.method.units.thresholds;
    if (rules.empty()) { return; }
    results.provenance[std::string(kThresholdRules)] = fmt::format("{}", fmt::join(rules, " "));
}

}  // namespace

Results collect_results(const SweepPlan& plan, const Provenance& provenance, const Store& store,
                        const std::vector<std::string>& failures) {
    auto results = no_results(provenance);
    if (!plan.spec.metric_names.empty()) { results.metric_names = plan.spec.metric_names; }
    add_threshold_rules(plan, results);
    std::set<std::string> stacks;
    // Where there is something to compare; else files stay what they were before there were costs.
    const bool with_costs = std::ranges::any_of(
        plan.evaluates, [](const EvaluateUnit& unit) { return unit.detector != kPatchEad; });
    for (std::size_t i = 0; i < plan.evaluates.size(); ++i) {
        auto row = row_of(plan, plan.evaluates[i]);
        const auto& key = plan.evaluates[i].key;
        if (!failures[i].empty()) {
            results.missing.push_back({std::move(row), failures[i]});
            continue;
        }
        try {
            auto result = read_or_quarantine(store, key, [&] { return store.read_result(key); });
            row.metrics = known_metrics(result.metrics, results.metric_names);
            row.ids = std::move(result.ids);
            row.anomalous = std::move(result.anomalous);
            row.scores = std::move(result.scores);
            row.prompts = std::move(result.references);
            row.left_out = left_out_scores(store, plan, plan.evaluates[i]);
            row.unmeasured = unmeasured_scores(store, plan, plan.evaluates[i]);
            row.artifact = key.digest();
            if (with_costs) { row.cost = cost_of(plan, plan.evaluates[i], store); }
            stacks.merge(stacks_of(result.made_with));
            results.rows.push_back(std::move(row));
        } catch (const Error& error) { results.missing.push_back({std::move(row), error.what()}); }
    }
    if (!stacks.empty()) { record_stacks(stacks, results.provenance); }
    return results;
}

void add_impossible(const SweepPlan& plan, Results& results) {
    for (const auto& [unit, reason] : plan.impossible) {
        results.missing.push_back({row_of(plan, unit), reason});
    }
}

void write_outputs(const std::filesystem::path& folder, const Results& results) {
    write_csv(folder, results);
    write_results(folder / "results.h5", results);
    const auto tables = make_tables(results);
    write_tables(folder / "tables", tables);
    write_costs(folder, results);
    write_prompt_tables(folder / "tables", make_prompt_tables(results));
    write_threshold_tables(folder / "tables",
                           make_threshold_tables(results, threshold_rules_of(results)));
    for (const auto& table : tables) {
        if (table.name.starts_with("summary_")) { std::cout << "\n" << to_markdown(table); }
    }
    std::cout << std::flush;
}

void write_pictures(const std::filesystem::path& folder, const SweepPlan& plan,
                    const EvaluateUnit& unit, const PointPictures& pictures) {
    write_heatmaps(folder, plan, unit, pictures.heatmaps);
    write_maps(folder, plan, unit, pictures);
}

}  // namespace patchead
