#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "patchead/plan/task_queue.hpp"

/// \file
/// \brief How long a graph of tasks takes on many ranks, by playing the schedule. Pure: its clock
/// is a number.

namespace patchead {

/// What it costs to hand out a task; the defaults were measured (docs/performance.md).
struct HandOut {
    double manager_seconds = 50e-6;  ///< In which the manager serves nobody else.
    double rank_seconds = 1500e-6;   ///< That the rank waits beside it.
};

/// One way in which a graph ran.
struct SimulatedRun {
    int ranks = 1;
    double seconds = 0;        ///< From the start to the end of the last task.
    double rank_seconds = 0;   ///< Of all tasks.
    double critical_path = 0;  ///< The longest chain of tasks that need each other, in seconds.
    double efficiency = 0;     ///< Share of the ranks' time that is work.
    /// Share of the ranks' time that nothing could have used: no schedule is faster than the
    /// critical path, the longest task or the work divided by the ranks.
    double unavoidable = 0;
    double idle = 0;     ///< Seconds of all ranks together.
    double manager = 0;  ///< Share of the time in which the manager was busy.
};

/// Plays `tasks` on `ranks` ranks with the task queue of real runs; `task.cost` is in seconds.
[[nodiscard]] SimulatedRun simulate(const std::vector<Task>& tasks, int ranks,
                                    const HandOut& hand_out = {});

/// Why the efficiency is what it is, in a few words.
[[nodiscard]] std::string reason_of(const SimulatedRun& run);

}  // namespace patchead
