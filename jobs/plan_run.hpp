#pragma once

#include <optional>
#include <string>
#include <vector>

#include "monitor.hpp"
#include "patchead/dist/communicator.hpp"
#include "sweep_run.hpp"
#include "unit_runner.hpp"

/// \file
/// \brief Runs a plan on all ranks, in one round or two, and says how it ended.

namespace patchead {

/// One run of a plan. All calls are collective.
class PlanRun {
  public:
    /// All arguments must outlive it.
    PlanRun(const SweepOptions& options, const SweepInputs& inputs, const SweepPlan& plan,
            const Store& store, const Communicator& world, UnitRunner& runner);

    /// Tidies the store, and verifies it if that was asked for. False if something is wrong, which
    /// rank 0 has said.
    [[nodiscard]] bool prepare();

    /// Runs the tasks of `graph`. True if a second round is worth while: artifacts that were there
    /// before are gone (damaged and set aside, or removed by somebody), and results miss for it.
    [[nodiscard]] bool round(const WorkGraph& graph);

    /// Results and state on rank 0, the way it ended on all.
    [[nodiscard]] FinishedRun finish();

  private:
    [[nodiscard]] bool is_unfinished() const;
    [[nodiscard]] RunEnd end_of(const Results& results) const;

    const SweepOptions& options_;
    const SweepInputs& inputs_;
    const SweepPlan& plan_;
    const Store& store_;
    const Communicator& world_;
    UnitRunner& runner_;
    std::optional<Monitor> monitor_;  ///< On rank 0.
    std::vector<TaskOutcome> outcomes_;
    Results results_;
    int rounds_ = 0;
};

/// Drained or without a disk: there are no tables.
[[nodiscard]] bool is_unfinished(RunEnd end);
/// Tells the user so, if it is; rank 0.
[[nodiscard]] bool print_unfinished(const FinishedRun& run);

}  // namespace patchead
