#include "plan_run.hpp"

#include <algorithm>
#include <iostream>

#include "patchead/dist/run_tasks.hpp"
#include "signals.hpp"
#include "store_care.hpp"
#include "sweep_outputs.hpp"

namespace patchead {
namespace {

constexpr int kMostRounds = 2;

/// Artifacts that the graph takes for given, but that are not there any more.
bool has_lost_inputs(const SweepPlan& plan, const Store& store, const WorkGraph& graph) {
    const auto is_missing = [&](const UnitRef& unit) {
        const auto* key = key_of(plan, unit);
        return key != nullptr && !store.contains(*key);
    };
    std::array<std::vector<bool>, kUnitKinds.size()> to_do;
    for (std::size_t kind = 0; kind < kUnitKinds.size(); ++kind) {
        to_do[kind].resize(count_of(plan, kUnitKinds[kind].kind));
    }
    for (const auto& unit : graph.units) { to_do[place_of(unit.kind)][unit.index] = true; }
    for (std::size_t kind = 0; kind < kUnitKinds.size(); ++kind) {
        for (std::size_t i = 0; i < to_do[kind].size(); ++i) {
            if (!to_do[kind][i] && is_missing({kUnitKinds[kind].kind, i})) { return true; }
        }
    }
    return false;
}

}  // namespace

PlanRun::PlanRun(const SweepOptions& options, const SweepInputs& inputs, const SweepPlan& plan,
                 const Store& store, const Communicator& world, UnitRunner& runner)
    : options_(options),
      inputs_(inputs),
      plan_(plan),
      store_(store),
      world_(world),
      runner_(runner) {
    if (world.is_root()) { monitor_.emplace(options, inputs.spec, plan, store, world.size()); }
}

bool PlanRun::prepare() {
    const auto tidied = on_root(world_, [&] {
        tidy(options_, plan_, store_);
        return std::string();
    });
    if (!tidied) { return false; }
    if (!options_.engine.verify) { return true; }
    for (const auto& text :
         verify_artifacts(world_, plan_, store_, [] { return stop_signal() != 0; })) {
        std::cerr << text;
    }
    return true;
}

bool PlanRun::round(const WorkGraph& graph) {
    if (world_.is_root()) { monitor_->begin(graph); }
    TaskCalls calls;
    calls.execute = [&](std::size_t task) { return runner_.run(graph.units[task]); };
    calls.progress = [&](const Progress& progress) { (*monitor_)(progress); };
    calls.trouble = [&](const Trouble& trouble) { (*monitor_)(trouble); };
    calls.draining = [&] { runner_.begin_draining(); };
    calls.stop = [&] {
        return stop_signal() != 0 || (monitor_ && !monitor_->disk_trouble().empty());
    };
    outcomes_ = run_tasks(world_, graph.tasks, calls, options_.engine.watch);
    ++rounds_;
    const auto answer = on_root(world_, [&]() -> std::string {
        if (is_unfinished()) { return ""; }
        results_ = collect_results(inputs_, plan_, store_, graph, outcomes_);
        const bool again = !results_.missing.empty() && rounds_ < kMostRounds &&
                           has_lost_inputs(plan_, store_, graph);
        if (!again) { return ""; }
        for (const auto& missing : results_.missing) { monitor_->fail(missing.reason); }
        monitor_->note("making again what is missing now, and what failed for it");
        return "again";
    });
    return answer == "again";
}

FinishedRun PlanRun::finish() {
    FinishedRun run;
    const auto end = on_root(world_, [&] {
        run.results = std::move(results_);
        run.end = end_of(run.results);
        for (const auto& missing : run.results.missing) { monitor_->fail(missing.reason); }
        run.state = monitor_->finish(run.end);
        return std::to_string(static_cast<int>(run.end));
    });
    run.end = end ? static_cast<RunEnd>(std::stoi(*end)) : RunEnd::disk;
    return run;
}

/// Some tasks were never run.
bool PlanRun::is_unfinished() const {
    return !monitor_->disk_trouble().empty() ||
           std::ranges::any_of(outcomes_, [](const auto& outcome) {
               return outcome.state == TaskState::ready || outcome.state == TaskState::waiting;
           });
}

RunEnd PlanRun::end_of(const Results& results) const {
    if (!monitor_->disk_trouble().empty()) { return RunEnd::disk; }
    if (is_unfinished()) { return RunEnd::drained; }
    const bool done = std::ranges::all_of(
        outcomes_, [](const auto& outcome) { return outcome.state == TaskState::done; });
    return done && results.missing.empty() ? RunEnd::whole : RunEnd::failures;
}

bool is_unfinished(RunEnd end) { return end == RunEnd::drained || end == RunEnd::disk; }

bool print_unfinished(const FinishedRun& run) {
    const auto& state = run.state;
    if (run.end == RunEnd::drained) {
        std::cerr << "patchead: stopped as it was told to, with " << state.units_done << " of "
                  << state.units_total
                  << " units done; run the same command again and it goes on there\n";
    }
    if (run.end == RunEnd::disk) {
        std::cerr
            << "patchead: " << state.failures.back()
            << ". What is in the store is whole: make room (patchead store gc, --store-limit) "
               "and run the same command again\n";
    }
    return is_unfinished(run.end);
}

}  // namespace patchead
