#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "monitor.hpp"
#include "patchead/engine/run_sweep.hpp"
#include "patchead/ranks/run_tasks.hpp"
#include "unit_runner.hpp"

/// \file
/// \brief Runs a plan on all ranks, in one round or two, and says how it ended. Knows no network.
/// Private to the engine layer.

namespace patchead::inline engine_detail {

/// What a run calls.
struct PlanCalls {
    /// On every rank: makes the artifact of a unit, or its pictures; returns what work that was.
    std::function<WorkCount(const UnitRef& unit)> execute;
    /// Asked on every rank: whether the run is to come to an end.
    std::function<bool()> stop = [] { return false; };
};

/// One run of a plan. All calls but `check` are collective.
class PlanRun {
  public:
    /// References must outlive it.
    PlanRun(const EngineSettings& settings, const SweepPlan& plan, const Store& store,
            const Communicator& world, PlanCalls calls);

    /// As `run_plan`; `provenance` goes into the results.
    [[nodiscard]] std::optional<FinishedRun> run(const Provenance& provenance, Allowed allowed);

    /// For `execute` to call wherever a unit could be given up without harm: throws TaskInterrupted
    /// if the grace period of a draining run is over.
    void check() const { runner_.check(); }
    /// The same for what its reader may want to know: a line of this rank's log.
    void remark(const std::string& text) const { runner_.log(text); }

  private:
    /// Tidies the store, and verifies it if that was asked for. False if something is wrong.
    [[nodiscard]] bool prepare();
    [[nodiscard]] std::optional<WorkGraph> find_work(Allowed allowed) const;
    /// Runs the tasks of `graph`. True if a second round is worth while: artifacts that were there
    /// before are gone (damaged and quarantined, or removed by somebody), and results miss for it.
    [[nodiscard]] bool round(const WorkGraph& graph, const Provenance& provenance);
    [[nodiscard]] bool needs_another_round(const WorkGraph& graph, const Provenance& provenance);
    [[nodiscard]] TaskCalls task_calls(const WorkGraph& graph);
    [[nodiscard]] Watch watch() const;
    /// Results and state on rank 0, the way it ended on all.
    [[nodiscard]] FinishedRun finish();
    [[nodiscard]] bool has_undone_tasks() const;
    [[nodiscard]] RunStatus status_of(const Results& results) const;

    const EngineSettings& settings_;
    const SweepPlan& plan_;
    const Store& store_;
    const Communicator& world_;
    PlanCalls calls_;
    UnitRunner runner_;
    std::optional<Monitor> monitor_;  ///< On rank 0.
    std::vector<TaskOutcome> outcomes_;
    Results results_;
    int rounds_ = 0;
};

}  // namespace patchead::inline engine_detail
