#include "patchead/setup/plan_overview.hpp"
#include "patchead/core/counted.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "patchead/cache/maintenance.hpp"
#include "patchead/core/layer_list.hpp"
#include "patchead/core/text.hpp"

namespace patchead {
namespace {

std::string time_text(double seconds) {
    constexpr double kMinute = 60;
    return seconds < kMinute ? fmt::format("{:.1f} s", seconds) : clock_text(seconds);
}

std::string flops_text(double flops) {
    if (flops == 0) { return "-"; }
    return flops < 1e15 ? fmt::format("{:.4g} GFLOP", flops * 1e-9)
                        : fmt::format("{:.4g} PFLOP", flops * 1e-15);
}

std::string work_line(std::string_view kind, std::size_t planned, const WorkEstimate& work) {
    return fmt::format("{:<10} {:>9} {:>9} {:>9} {:>9} {:>12} {:>10} {:>12}\n", kind, planned,
                       planned - work.units, work.units, work.forwards, flops_text(work.flops),
                       size_text(work.bytes), time_text(work.seconds));
}

std::string merged_text(std::size_t merged) {
    return merged == 0 ? "" : fmt::format("; {} more are in several grids and count once", merged);
}

std::string runs_text(const std::vector<SimulatedRun>& runs) {
    const bool has_lanes = std::ranges::any_of(runs, [](auto& run) { return run.core_ranks > 0; });
    const auto of_cores = [&](const auto& text) {
        return has_lanes ? fmt::format(" {:>10}", text) : std::string();
    };
    auto text = fmt::format("\n{:>6}{} {:>12} {:>11} {:>7} {:>14}\n", "ranks",
                            of_cores("core ranks"), "time", "efficiency", "idle", "critical path");
    for (const auto& run : runs) {
        text +=
            fmt::format("{:>6}{} {:>12} {:>9.1f} % {:>5.1f} % {:>14}  {}\n", run.ranks,
                        of_cores(run.core_ranks), time_text(run.seconds), 100 * run.efficiency,
                        100 * (1 - run.efficiency), time_text(run.critical_path), reason_of(run));
    }
    return text;
}

std::string resources_text(const ResourceOverview& resources) {
    auto text = fmt::format(
        "\n{} with {} each, busy for {:.0f} % of the time (assumed)\n{}\n\n{:>6} {:>6} {:>12} "
        "{:>12} "
        "{:>12} {:>16}  {}\n",
        resources.gpu.name, counted(static_cast<std::size_t>(resources.cores_per_gpu), "core"),
        100 * kBusyShare, resources.gpu.source, "GPUs", "cores", "core time", "GPU time",
        "at least", "one after other", "limit");
    for (const auto& run : resources.runs) {
        text += fmt::format("{:>6} {:>6} {:>12} {:>12} {:>12} {:>16}  {}\n", run.gpus, run.cores,
                            time_text(run.core_seconds), time_text(run.gpu_seconds),
                            time_text(run.at_least()), time_text(run.one_after_other()),
                            run.cores_limit() ? "cores" : "GPUs");
    }
    return text;
}

/// Options with which a sweep that needs none of these stores them all the same. Windows nobody
/// stores beforehand: whoever wants them makes the pass again.
std::string storing_options(const TokenRequest& tokens) {
    if (!tokens.windows.empty()) { return ""; }
    LayerList list;
    for (const auto& [number, form] : tokens.layers) {
        list.places.push_back({LayerPlace::Kind::block, number, 0, form});
    }
    std::string text;
    if (!list.empty()) { text = "--cache-layers " + Layers().text(list); }
    if (tokens.image) { text += text.empty() ? "--image-token yes" : " --image-token yes"; }
    return text;
}

std::map<std::string, TokenRequest> tokens_of(const SweepPlan& plan) {
    std::map<std::string, TokenRequest> tokens;
    for (const auto& unit : plan.embeds) {
        if (unit.copies) { continue; }
        auto& all = tokens[plan.spec.backbones[unit.backbone].name];
        all = merged(all, unit.tokens);
    }
    std::erase_if(tokens, [](const auto& entry) { return entry.second.empty(); });
    return tokens;
}

std::string tokens_text(const std::map<std::string, TokenRequest>& tokens) {
    std::string text;
    for (const auto& [backbone, request] : tokens) {
        const auto options = storing_options(request);
        text += fmt::format("\npasses of {} give {} beside features{}", backbone, text_of(request),
                            options.empty() ? "" : ", stored beforehand by " + options);
    }
    return text.empty() ? text : text + "\n";
}

nlohmann::ordered_json resources_json(const ResourceOverview& resources) {
    nlohmann::ordered_json json{{"gpu", resources.gpu.name},
                                {"assumed", resources.gpu.is_assumed},
                                {"source", resources.gpu.source},
                                {"cores_per_gpu", resources.cores_per_gpu},
                                {"busy_share", kBusyShare}};
    for (const auto& run : resources.runs) {
        json["on"].push_back({{"gpus", run.gpus},
                              {"cores", run.cores},
                              {"core_seconds", run.core_seconds},
                              {"gpu_seconds", run.gpu_seconds},
                              {"at_least_seconds", run.at_least()},
                              {"one_after_other_seconds", run.one_after_other()},
                              {"limit", run.cores_limit() ? "cores" : "gpus"}});
    }
    return json;
}

}  // namespace

PlanOverview make_overview(const SweepPlan& plan, const WorkGraph& graph, const PlayedRanks& ranks,
                           double slowness) {
    PlanOverview overview;
    overview.points = plan.evaluates.size();
    overview.merged = plan.merged_points;
    overview.tokens = tokens_of(plan);
    for (std::size_t task = 0; task < graph.tasks.size(); ++task) {
        auto work = estimate(plan, graph.units[task]);
        work.seconds = graph.tasks[task].cost;
        overview.to_do[place_of(graph.units[task].kind)].add(work);
    }
    for (const auto& kind : kUnitKinds) {
        const auto place = place_of(kind.kind);
        overview.planned[place] =
            is_stored(kind.kind) ? count_of(plan, kind.kind) : overview.to_do[place].units;
    }
    for (const int count : ranks.counts) {
        const auto lanes = lanes_of(count, ranks.per_machine, ranks.core_ranks);
        overview.runs.push_back(simulate(graph.tasks, lanes, {}, slowness));
    }
    return overview;
}

PlanOverview make_overview(const SweepPlan& plan, const StoreState& state, const PlanSpeed& speed,
                           const PlayedRanks& ranks) {
    auto graph = make_graph(plan, state, speed.speed);
    if (!speed.gpu) {
        graph.tasks = scaled_tasks(graph, speed.factors);
        return make_overview(plan, graph, ranks);
    }
    const auto work = split_by_resource(plan, state, speed.speed, speed.factors);
    graph.tasks = tasks_of_rank(graph, work, ranks.cores);
    auto overview = make_overview(plan, graph, ranks,
                                  static_cast<double>(ranks.cores) / ranks.cores_of_core_rank);
    overview.resources = ResourceOverview{*speed.gpu, ranks.cores};
    for (const auto& run : overview.runs) {
        const int gpus = run.ranks - run.core_ranks;
        overview.resources->runs.push_back(
            run_on(work, gpus, gpus * ranks.cores + run.core_ranks * ranks.cores_of_core_rank));
    }
    return overview;
}

std::string to_text(const PlanOverview& overview) {
    auto text =
        fmt::format("{}{}\n\n{:<10} {:>9} {:>9} {:>9} {:>9} {:>12} {:>10} {:>12}\n",
                    counted(overview.points, "point"), merged_text(overview.merged), "kind",
                    "planned", "in store", "to do", "forwards", "work", "new files", "rank time");
    WorkEstimate sum;
    std::size_t planned = 0;
    for (std::size_t i = 0; i < kUnitKinds.size(); ++i) {
        if (kUnitKinds[i].kind == UnitKind::leave_out && overview.planned[i] == 0) { continue; }
        text += work_line(kUnitKinds[i].name, overview.planned[i], overview.to_do[i]);
        sum.add(overview.to_do[i]);
        planned += overview.planned[i];
    }
    text += work_line("all", planned, sum);
    text += tokens_text(overview.tokens);
    text += runs_text(overview.runs);
    if (overview.resources) { text += resources_text(*overview.resources); }
    return text;
}

std::string to_json(const PlanOverview& overview) {
    nlohmann::ordered_json json{{"points", overview.points}, {"merged_points", overview.merged}};
    for (std::size_t i = 0; i < kUnitKinds.size(); ++i) {
        const auto& work = overview.to_do[i];
        json["kinds"][std::string(kUnitKinds[i].name)] = {
            {"planned", overview.planned[i]}, {"to_do", work.units},
            {"forwards", work.forwards},      {"pairs", work.pairs},
            {"gflop", work.flops * 1e-9},     {"bytes", work.bytes},
            {"rank_seconds", work.seconds}};
    }
    for (const auto& [backbone, tokens] : overview.tokens) {
        json["tokens"][backbone] = {{"stored", text_of(tokens)},
                                    {"options", storing_options(tokens)}};
    }
    for (const auto& run : overview.runs) {
        json["runs"].push_back({{"ranks", run.ranks},
                                {"core_ranks", run.core_ranks},
                                {"seconds", run.seconds},
                                {"rank_seconds", run.rank_seconds},
                                {"critical_path", run.critical_path},
                                {"efficiency", run.efficiency},
                                {"idle_share", 1 - run.efficiency},
                                {"reason", reason_of(run)}});
    }
    if (overview.resources) { json["resources"] = resources_json(*overview.resources); }
    return json.dump(2) + "\n";
}

}  // namespace patchead
