#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "forecast.hpp"
#include "patchead/engine/run_state.hpp"
#include "patchead/ranks/run_tasks.hpp"
#include "run_observer.hpp"

/// \file
/// \brief Keeps the state of a run on rank 0 and tells it to those who want to hear. Private to the
/// engine layer.

namespace patchead::inline engine_detail {

using RunObservers = std::vector<std::unique_ptr<RunObserver>>;

class Monitor {
  public:
    /// `plan` must outlive it.
    Monitor(const SweepPlan& plan, int ranks, RunObservers observers);

    /// A round begins: says what there is to do. `graph` must outlive it; a second round makes what
    /// was found missing or damaged in the first one.
    void begin(const WorkGraph& graph);
    void operator()(const Progress& progress);
    void operator()(const Trouble& trouble);
    /// For the user and for run.json.
    void note(const std::string& trouble);
    /// The numeric stacks behind the results; more than one is told.
    void stacks(const std::set<std::string>& found);
    /// For both too, each reason once: something has no result for it.
    void fail(const std::string& reason);

    /// Why nothing can be written any more; empty: it can.
    [[nodiscard]] const std::string& disk_trouble() const { return disk_trouble_; }

    /// The final state: of `status`, or of a full disk if what is left of the run cannot be
    /// written.
    RunState finish(RunStatus status);

  private:
    void add(std::size_t task, const TaskOutcome& outcome);
    void tell_change(bool at_once);
    /// Calls `call` on each observer; one that cannot write any more is disk trouble.
    template <class Call>
    void tell(const Call& call);

    const SweepPlan& plan_;
    RunObservers observers_;
    const WorkGraph* graph_ = nullptr;
    RunState state_;
    RunState before_;  ///< Of this round.
    Forecast forecast_;
    std::string disk_trouble_;
};

}  // namespace patchead::inline engine_detail
