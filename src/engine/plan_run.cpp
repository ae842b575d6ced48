#include "plan_run.hpp"

#include <algorithm>
#include <utility>

#include "observers/observers.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/numeric_stack.hpp"
#include "patchead/outputs/sweep_outputs.hpp"
#include "patchead/ranks/on_root.hpp"
#include "store_care.hpp"
#include "store_state.hpp"

namespace patchead::inline engine_detail {
namespace {

constexpr int kMostRounds = 2;

void require_reductions_only(const WorkGraph& graph) {
    const auto missing = std::ranges::count_if(
        graph.units, [](const UnitRef& unit) { return is_expensive(unit.kind); });
    require<ConfigError>(
        missing == 0, missing, " alignments, feature blocks and match tensors are ",
        "not in the store (an ablation computes none); run patchead sweep with the same ",
        "options first");
}

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

PlanRun::PlanRun(const EngineSettings& settings, const SweepPlan& plan, const Store& store,
                 const Communicator& world, PlanCalls calls)
    : settings_(settings),
      plan_(plan),
      store_(store),
      world_(world),
      calls_(std::move(calls)),
      runner_(settings, plan, store, world.rank(), calls_.execute) {
    if (world.is_root()) {
        monitor_.emplace(plan, world.size(), make_observers(settings, plan, store));
    }
}

std::optional<FinishedRun> PlanRun::run(const Provenance& provenance, Allowed allowed) {
    if (!prepare()) { return std::nullopt; }
    for (;;) {
        const auto graph = find_work(allowed);
        if (!graph) { return std::nullopt; }
        if (!round(*graph, provenance)) { return finish(); }
    }
}

bool PlanRun::prepare() {
    if (!on_root(world_, [&] { tidy(settings_, plan_, store_); })) { return false; }
    if (!settings_.verify) { return true; }
    for (const auto& found : verify_artifacts(world_, plan_, store_, calls_.stop)) {
        monitor_->note(found);  // There is none on other ranks.
    }
    return true;
}

/// What is missing of the plan; nothing if that is more than is allowed, which rank 0 has said.
std::optional<WorkGraph> PlanRun::find_work(Allowed allowed) const {
    const auto state = on_root(world_, [&] {
        auto found = state_of(plan_, &store_);
        if (allowed == Allowed::reductions_only) {
            require_reductions_only(make_graph(plan_, found));
        }
        return found;
    });
    if (!state) { return std::nullopt; }
    choose_serving(plan_, *state, store_);
    return make_graph(plan_, *state);
}

TaskCalls PlanRun::task_calls(const WorkGraph& graph) {
    TaskCalls calls;
    calls.execute = [&](std::size_t task) {
        return Codec<WorkCount>::encode(runner_.run(graph.units[task]));
    };
    calls.progress = [&](const Progress& progress) { (*monitor_)(progress); };
    calls.trouble = [&](const Trouble& trouble) { (*monitor_)(trouble); };
    calls.draining = [&] { runner_.begin_draining(); };
    calls.stop = [&] { return calls_.stop() || (monitor_ && !monitor_->disk_trouble().empty()); };
    return calls;
}

Watch PlanRun::watch() const {
    return {settings_.silence_seconds, settings_.unit_limit_seconds, settings_.lost_rank_code};
}

bool PlanRun::round(const WorkGraph& graph, const Provenance& provenance) {
    if (world_.is_root()) { monitor_->begin(graph); }
    outcomes_ =
        run_tasks(world_, graph.tasks, task_calls(graph), watch(), own_lane(settings_, world_));
    ++rounds_;
    return on_root(world_, [&] { return needs_another_round(graph, provenance); }).value_or(false);
}

bool PlanRun::needs_another_round(const WorkGraph& graph, const Provenance& provenance) {
    if (has_undone_tasks()) { return false; }
    results_ = collect_results(plan_, provenance, store_, failures(plan_, graph, outcomes_));
    const bool again =
        !results_.missing.empty() && rounds_ < kMostRounds && has_lost_inputs(plan_, store_, graph);
    if (!again) { return false; }
    for (const auto& missing : results_.missing) { monitor_->fail(missing.reason); }
    monitor_->note("making again what is missing now, and what failed for it");
    return true;
}

FinishedRun PlanRun::finish() {
    FinishedRun run;
    const auto status = on_root(world_, [&] {
        run.results = std::move(results_);
        const auto ended = status_of(run.results);
        for (const auto& missing : run.results.missing) { monitor_->fail(missing.reason); }
        if (!run.results.rows.empty()) { monitor_->stacks(stacks_of(run.results.provenance)); }
        run.state = monitor_->finish(ended);
        add_impossible(plan_, run.results);
        return run.state.status;
    });
    run.status = status.value_or(RunStatus::disk);
    return run;
}

/// Some tasks were never run.
bool PlanRun::has_undone_tasks() const {
    return !monitor_->disk_trouble().empty() ||
           std::ranges::any_of(outcomes_, [](const auto& outcome) {
               return outcome.state == TaskState::ready || outcome.state == TaskState::waiting;
           });
}

RunStatus PlanRun::status_of(const Results& results) const {
    if (!monitor_->disk_trouble().empty()) { return RunStatus::disk; }
    if (has_undone_tasks()) { return RunStatus::drained; }
    const bool done = std::ranges::all_of(
        outcomes_, [](const auto& outcome) { return outcome.state == TaskState::done; });
    return done && results.missing.empty() ? RunStatus::finished : RunStatus::failures;
}

}  // namespace patchead::inline engine_detail
