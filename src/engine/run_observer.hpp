#pragma once

#include <string>

#include "patchead/engine/run_state.hpp"
#include "patchead/plan/work_graph.hpp"
#include "patchead/ranks/run_tasks.hpp"
#include "work_report.hpp"

/// \file
/// \brief Who wants to hear of a run, on rank 0. Private to the engine layer.

namespace patchead::inline engine_detail {

/// A unit that has ended, well or not.
struct EndedUnit {
    const UnitRef& unit;
    const TaskOutcome& outcome;
    const WorkCount& work;
    double started = 0;  ///< Seconds since the start of the run, over all its rounds.
};

/// How far the run is, by the cost model as far as units were measured.
struct RunForecast {
    double cost_done = 0;
    double cost_total = 0;
};

/// Hears what happens to a run. All calls come from one thread; each does nothing unless
/// overridden.
class RunObserver {
  public:
    RunObserver() = default;
    virtual ~RunObserver() = default;
    RunObserver(const RunObserver&) = delete;
    RunObserver& operator=(const RunObserver&) = delete;

    /// A round begins; `graph` outlives it.
    virtual void begun(const WorkGraph& /*graph*/, const RunState& /*state*/) {}
    virtual void ended(const EndedUnit& /*unit*/) {}
    /// Something changed, or half a second passed. `at_once`: worth keeping before anything else.
    virtual void changed(const RunState& /*state*/, const RunForecast& /*forecast*/,
                         bool /*at_once*/) {}
    /// For the user.
    virtual void said(const std::string& /*message*/) {}
    /// The run is over.
    virtual void finished(const RunState& /*state*/, const RunForecast& /*forecast*/) {}
};

}  // namespace patchead::inline engine_detail
