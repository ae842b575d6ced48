/// \file
/// \brief `patchead plan`: what a sweep would do, and how long that takes on how many ranks.

#include <algorithm>
#include <iostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "patchead/cache/maintenance.hpp"
#include "patchead/core/files.hpp"
#include "patchead/plan/estimate.hpp"
#include "patchead/plan/simulate.hpp"
#include "plan_inputs.hpp"
#include "plan_speed.hpp"
#include "sweep_run.hpp"

namespace patchead {
namespace {

using Words = std::vector<std::string>;

/// The options of `plan` itself; all others are those of the sweep.
struct PlanOptions {
    std::vector<int> ranks{1, 2, 8, 64};
    std::filesystem::path rates;
    bool published = false;
    bool json = false;
    Words sweep;
};

constexpr const char* kHelp =
    "usage: patchead plan [--ranks N,N,...] [--simulate] [--rates RUN.JSON] [--published] "
    "[--json]\n"
    "                     [the options of a sweep, --config FILE ...]\n\n"
    "Says what a sweep expands to, what of it is in the store, and plays its schedule on numbers "
    "of\n"
    "ranks. Computes nothing.\n\n"
    "  --ranks N,N,...   numbers of ranks (default 1,2,8,64)\n"
    "  --simulate        the same as --ranks 8,64,512,4096\n"
    "  --rates RUN.JSON  speeds of a finished run; else networks and the other steps are timed "
    "here\n"
    "  --published       published counts instead of files: neither data nor weights are needed\n"
    "  --json            for programs\n";

std::vector<int> parse_ranks(const std::string& text) {
    std::vector<int> ranks;
    for (auto rest = text;;) {
        const auto comma = rest.find(',');
        ranks.push_back(whole_number("ranks", rest.substr(0, comma), 1));
        if (comma == std::string::npos) { return ranks; }
        rest.erase(0, comma + 1);
    }
}

PlanOptions parse(const Words& arguments) {
    PlanOptions options;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const auto& word = arguments[i];
        const auto value = [&] {
            require<ConfigError>(i + 1 < arguments.size(), "option ", word,
                                 " has no value; see patchead plan --help");
            return arguments[++i];
        };
        if (word == "--ranks") {
            options.ranks = parse_ranks(value());
        } else if (word == "--rates") {
            options.rates = value();
        } else if (word == "--simulate") {
            options.ranks = {8, 64, 512, 4096};
        } else if (word == "--published") {
            options.published = true;
        } else if (word == "--json") {
            options.json = true;
        } else {
            options.sweep.push_back(word);
        }
    }
    return options;
}

/// Seconds that a run took for each kind, divided by what the model expected.
KindFactors factors_from(const std::filesystem::path& file) {
    KindFactors factors{};
    try {
        const auto run = nlohmann::json::parse(read_text(file));
        for (std::size_t i = 0; i < kUnitKinds.size(); ++i) {
            const std::string kind(kUnitKinds[i].name);
            const double expected = run.at("model_seconds").at(kind);
            const double took = run.at("rank_seconds").at(kind);
            factors[i] = expected > 0 ? took / expected : 1;
        }
    } catch (const nlohmann::json::exception& error) {
        throw DataError(concat("cannot use the rates in '", file.string(), "' (", error.what(),
                               "); give the run.json of a sweep of this version"));
    }
    return factors;
}

/// What is left to do, at the speeds of a run or else of this machine.
WorkGraph timed_graph(const PlanOptions& options, const SweepOptions& sweep,
                      const SweepInputs& inputs, const SweepPlan& plan, const StoreState& state) {
    if (options.rates.empty()) {
        const auto speed = options.published ? measure_speed_without_files(sweep)
                                             : measure_speed(inputs, plan, sweep);
        return make_graph(inputs.spec, plan, state, speed);
    }
    auto graph = make_graph(inputs.spec, plan, state);  // At the speeds of its model_seconds.
    graph.tasks = scaled_tasks(graph, factors_from(options.rates));
    return graph;
}

/// What is to do of each kind, and what the store has.
struct Overview {
    std::array<WorkEstimate, kUnitKinds.size()> to_do;
    std::array<std::size_t, kUnitKinds.size()> planned{};
    std::size_t points = 0;
    std::size_t merged = 0;  ///< Points that several grids have, beyond the first of each.
    std::vector<SimulatedRun> runs;
};

Overview look(const PlanOptions& options, const SweepOptions& sweep) {
    const auto inputs = options.published ? published_inputs(sweep) : find_inputs(sweep);
    const auto plan = make_plan(inputs.spec);
    std::optional<Store> store;
    if (!options.published && std::filesystem::is_directory(sweep.store)) {
        store.emplace(sweep.store);
    }
    const auto graph =
        timed_graph(options, sweep, inputs, plan, state_of(plan, store ? &*store : nullptr));
    Overview overview;
    overview.points = plan.evaluates.size();
    overview.merged = plan.merged_points;
    for (std::size_t task = 0; task < graph.tasks.size(); ++task) {
        auto work = estimate(inputs.spec, plan, graph.units[task]);
        work.seconds = graph.tasks[task].cost;
        overview.to_do[place_of(graph.units[task].kind)].add(work);
    }
    for (std::size_t i = 0; i < kUnitKinds.size(); ++i) {
        const auto count = count_of(plan, kUnitKinds[i].kind);
        const bool stored = count > 0 && key_of(plan, {kUnitKinds[i].kind, 0}) != nullptr;
        overview.planned[i] = stored ? count : overview.to_do[i].units;
    }
    for (const int ranks : options.ranks) { overview.runs.push_back(simulate(graph.tasks, ranks)); }
    return overview;
}

std::string time_text(double seconds) {
    if (seconds < 60) { return fmt::format("{:.1f} s", seconds); }
    const auto whole = static_cast<long>(seconds);
    return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

std::string flops_text(double flops) {
    if (flops == 0) { return "-"; }
    return flops < 1e15 ? fmt::format("{:.4g} GFLOP", flops * 1e-9)
                        : fmt::format("{:.4g} PFLOP", flops * 1e-15);
}

void print_line(const char* kind, std::size_t planned, const WorkEstimate& work) {
    fmt::print("{:<10} {:>9} {:>9} {:>9} {:>9} {:>12} {:>10} {:>12}\n", kind, planned,
               planned - work.units, work.units, work.images, flops_text(work.flops),
               size_text(work.bytes), time_text(work.seconds));
}

std::string merged_text(std::size_t merged) {
    return merged == 0 ? "" : fmt::format("; {} more are in several grids and count once", merged);
}

void print(const Overview& overview) {
    fmt::print("{} points{}\n\n{:<10} {:>9} {:>9} {:>9} {:>9} {:>12} {:>10} {:>12}\n",
               overview.points, merged_text(overview.merged), "kind", "planned", "in store",
               "to do", "forwards", "work", "new files", "rank time");
    WorkEstimate sum;
    std::size_t planned = 0;
    for (std::size_t i = 0; i < kUnitKinds.size(); ++i) {
        print_line(std::string(kUnitKinds[i].name).c_str(), overview.planned[i], overview.to_do[i]);
        sum.add(overview.to_do[i]);
        planned += overview.planned[i];
    }
    print_line("all", planned, sum);
    fmt::print("\n{:>6} {:>12} {:>11} {:>7} {:>14}\n", "ranks", "time", "efficiency", "idle",
               "critical path");
    for (const auto& run : overview.runs) {
        fmt::print("{:>6} {:>12} {:>9.1f} % {:>5.1f} % {:>14}  {}\n", run.ranks,
                   time_text(run.seconds), 100 * run.efficiency, 100 * (1 - run.efficiency),
                   time_text(run.critical_path), reason_of(run));
    }
}

void print_json(const Overview& overview) {
    nlohmann::ordered_json json{{"points", overview.points}, {"merged_points", overview.merged}};
    for (std::size_t i = 0; i < kUnitKinds.size(); ++i) {
        const auto& work = overview.to_do[i];
        json["kinds"][std::string(kUnitKinds[i].name)] = {{"planned", overview.planned[i]},
                                                          {"to_do", work.units},
                                                          {"forwards", work.images},
                                                          {"gflop", work.flops * 1e-9},
                                                          {"bytes", work.bytes},
                                                          {"rank_seconds", work.seconds}};
    }
    for (const auto& run : overview.runs) {
        json["runs"].push_back({{"ranks", run.ranks},
                                {"seconds", run.seconds},
                                {"rank_seconds", run.rank_seconds},
                                {"critical_path", run.critical_path},
                                {"efficiency", run.efficiency},
                                {"idle_share", 1 - run.efficiency},
                                {"reason", reason_of(run)}});
    }
    std::cout << json.dump(2) << "\n";
}

}  // namespace

int run_plan_command(const Words& arguments) {
    if (arguments.empty() || asks_for_help(arguments)) {
        std::cout << kHelp;
        return arguments.empty() ? kExitError : kExitDone;
    }
    const auto options = parse(arguments);
    // Nothing is written, so that the output folder does not matter.
    const auto sweep = *parse_sweep_options({"sweep", options.sweep, {"--output=."}});
    const auto overview = look(options, sweep);
    if (options.json) {
        print_json(overview);
    } else {
        print(overview);
    }
    return kExitDone;
}

}  // namespace patchead
