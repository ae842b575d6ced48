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
    int core_ranks = 0;         ///< Of these: those that leave the device to the others.
    double seconds = 0;         ///< From the start to the end of the last task.
    double rank_seconds = 0;    ///< Of all tasks.
    double device_seconds = 0;  ///< Of those that need the device, for each rank that takes them.
    double critical_path = 0;   ///< The longest chain of tasks that need each other, in seconds.
    double efficiency = 0;      ///< Share of the ranks' time that is work.
    /// Share of the ranks' time that nothing could have used: no schedule is faster than the
    /// critical path, the longest task, the work divided by the ranks or `device_seconds`.
    double unavoidable = 0;
    double idle = 0;     ///< Seconds of all ranks together.
    double manager = 0;  ///< Share of the time in which the manager was busy.
};

/// Plays `tasks` on a rank of each of `lanes` with the task queue of real runs; `task.cost` is in
/// seconds, of which core ranks need `slowness` times as many.
[[nodiscard]] SimulatedRun simulate(const std::vector<Task>& tasks, const std::vector<Lane>& lanes,
                                    const HandOut& hand_out = {}, double slowness = 1);

/// The same where all ranks take all tasks.
[[nodiscard]] SimulatedRun simulate(const std::vector<Task>& tasks, int ranks,
                                    const HandOut& hand_out = {});

/// Why the efficiency is what it is, in a few words.
[[nodiscard]] std::string reason_of(const SimulatedRun& run);

}  // namespace patchead
