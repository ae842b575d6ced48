#pragma once

#include <filesystem>

#include "patchead/dist/run_tasks.hpp"
#include "patchead/plan/sweep_plan.hpp"
#include "patchead/report/progress.hpp"
#include "run_state.hpp"

/// \file
/// \brief Follows a run on rank 0: progress line, run.json, messages about failed units.

namespace patchead {

class Monitor {
  public:
    /// Says what there is to do. `folder` gets run.json; `graph` must outlive the monitor.
    Monitor(const std::filesystem::path& folder, const SweepPlan& plan, const WorkGraph& graph,
            int ranks);

    void operator()(const Progress& progress);

    /// The final state; `whole` says whether every point has its result.
    RunState finish(bool whole);

  private:
    void add(std::size_t task, const TaskOutcome& outcome);

    std::filesystem::path file_;
    const WorkGraph& graph_;
    ProgressDisplay display_;
    ProgressState shown_;
    RunState state_;
    double written_ = 0;
};

}  // namespace patchead
