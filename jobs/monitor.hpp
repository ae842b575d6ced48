#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "patchead/dist/run_tasks.hpp"
#include "patchead/plan/sweep_plan.hpp"
#include "patchead/report/progress.hpp"
#include "run_profile.hpp"
#include "run_state.hpp"
#include "store_limit.hpp"
#include "sweep_options.hpp"
#include "trace.hpp"

/// \file
/// \brief Follows a run on rank 0: progress line, run.json, messages about failed units, the limit
/// of the store, the timeline, the profile.

namespace patchead {

class Monitor {
  public:
    /// `options`, `spec`, `plan` and `store` must outlive it. Removes the run.json of an earlier
    /// run.
    Monitor(const SweepOptions& options, const SweepSpec& spec, const SweepPlan& plan,
            const Store& store, int ranks);

    /// Says what there is to do. `graph` must outlive the round; a second round makes what was
    /// found missing or damaged in the first one.
    void begin(const WorkGraph& graph);
    void operator()(const Progress& progress);
    void operator()(const Trouble& trouble);
    /// For the user and for run.json.
    void note(const std::string& trouble);
    /// For both too, each reason once: something has no result for it.
    void fail(const std::string& reason);

    /// Why nothing can be written any more; empty: it can.
    [[nodiscard]] const std::string& disk_trouble() const { return disk_trouble_; }

    /// The final state.
    RunState finish(RunEnd end);

  private:
    void add(std::size_t task, const TaskOutcome& outcome);
    void estimate(const Progress& progress);
    void write();
    void tell_profile() const;

    const SweepOptions& options_;
    const SweepSpec& spec_;
    const SweepPlan& plan_;
    const Store& store_;
    std::filesystem::path file_;
    const WorkGraph* graph_ = nullptr;
    ProgressDisplay display_;
    ProgressState shown_;
    RunState state_;
    RunState before_;                                     ///< Of this round.
    std::array<double, kUnitKinds.size()> cost_total_{};  ///< By the model.
    double round_cost_ = 0;
    std::optional<StoreLimit> limit_;
    Trace trace_;
    RunProfile profile_;
    std::string disk_trouble_;
    double written_ = 0;
};

}  // namespace patchead
