#include "sweep_outputs.hpp"

#include <iostream>

#include <fmt/format.h>

#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/report/heatmap.hpp"
#include "patchead/report/tables.hpp"
#include "run_files.hpp"

namespace patchead {
namespace {

/// Why each evaluate unit that was run has no result; empty for the others.
std::vector<std::string> failures(const SweepPlan& plan, const WorkGraph& graph,
                                  const std::vector<TaskOutcome>& outcomes) {
    std::vector<std::string> reasons(plan.evaluates.size());
    for (std::size_t task = 0; task < outcomes.size(); ++task) {
        const auto& unit = graph.units[task];
        if (unit.kind == UnitKind::evaluate && outcomes[task].state != TaskState::done) {
            reasons[unit.index] = outcomes[task].reason;
        }
    }
    return reasons;
}

}  // namespace

ResultRow describe(const SweepSpec& spec, const EvaluateUnit& unit) {
    ResultRow row;
    row.dataset = unit.dataset;
    row.category = unit.category;
    row.backbone = spec.backbones[unit.backbone].name;
    row.image_size = unit.side_px;
    row.setting = unit.shots > 0 ? "few-shot" : "batch-zero-shot";
    row.shots = unit.shots;
    row.seed = static_cast<std::int64_t>(unit.seed);
    row.modules = name_of(unit.modules);
    return row;
}

std::string point_name(const SweepSpec& spec, const EvaluateUnit& unit) {
    const auto setting = unit.shots > 0 ? fmt::format("{}-shot", unit.shots) : "batch-zero-shot";
    return fmt::format("{}_{}px_{}_{}", spec.backbones[unit.backbone].name, unit.side_px, setting,
                       name_of(unit.modules));
}

Results collect_results(const SweepInputs& inputs, const SweepPlan& plan, const Store& store,
                        const WorkGraph& graph, const std::vector<TaskOutcome>& outcomes) {
    const auto reasons = failures(plan, graph, outcomes);
    Results results{inputs.provenance, {}, {}, {}};
    for (const auto name : metric_names()) { results.metric_names.emplace_back(name); }
    for (std::size_t i = 0; i < plan.evaluates.size(); ++i) {
        auto row = describe(inputs.spec, plan.evaluates[i]);
        const auto& key = plan.evaluates[i].key;
        if (!reasons[i].empty()) {
            results.missing.push_back({std::move(row), reasons[i]});
            continue;
        }
        try {
            auto result = store.read_result(key);
            row.metrics = std::move(result.metrics);
            row.ids = std::move(result.ids);
            row.anomalous = std::move(result.anomalous);
            row.scores = std::move(result.scores);
            row.prompts = std::move(result.references);
            row.artifact = key.digest();
            results.rows.push_back(std::move(row));
        } catch (const CacheError& error) {
            if (store.contains(key)) { store.set_aside(key); }
            results.missing.push_back({std::move(row), error.what()});
        }
    }
    return results;
}

void write_outputs(const std::filesystem::path& folder, const Results& results) {
    write_whole(folder / "results.csv", results_csv(results));
    write_results(folder / "results.h5", results);
    const auto tables = make_tables(results);
    write_tables(folder / "tables", tables);
    for (const auto& table : tables) {
        if (table.name.starts_with("summary_")) { std::cout << "\n" << to_markdown(table); }
    }
    std::cout << std::flush;
}

void write_heatmaps(const std::filesystem::path& folder, const SweepSpec& spec,
                    const EvaluateUnit& unit, const std::vector<AnomalyPicture>& pictures) {
    const auto place = folder / "heatmaps" / unit.dataset / unit.category / point_name(spec, unit);
    for (const auto& picture : pictures) {
        const auto& id = spec.samples[picture.sample].id;
        write_heatmap(
            place / (file_stem(id) + ".png"),
            {picture.image, picture.truth, unit.picture_px(), picture.map, picture.low,
             picture.high,
             fmt::format("{}  {}  score {:.3f}", id, point_name(spec, unit), picture.score)});
    }
}

}  // namespace patchead
