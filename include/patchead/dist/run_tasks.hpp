#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "patchead/dist/communicator.hpp"
#include "patchead/plan/task_queue.hpp"

/// \file
/// \brief Manager and workers: a graph of tasks run by all ranks.

namespace patchead {

/// What became of one task.
struct TaskOutcome {
    TaskState state = TaskState::waiting;  ///< done, failed or skipped at the end.
    std::string reason;                    ///< Why it failed or was skipped.
    std::string report;                    ///< What `execute` returned.
    int rank = -1;                         ///< Who ran it; -1 if nobody did.
    double started = 0;  ///< When it was handed out: seconds since the start of the run.
    double seconds = 0;  ///< How long `execute` took.
};

/// State of the run, for a progress display.
struct Progress {
    std::size_t done = 0;
    std::size_t failed = 0;
    std::size_t skipped = 0;
    std::size_t running = 0;
    std::size_t total = 0;
    double seconds = 0;     ///< Since the start of the run.
    double cost_done = 0;   ///< Of the tasks' costs; of failed ones too.
    double cost_total = 0;  ///< Without the skipped ones, which will never be done.
    int ranks = 1;
    const TaskOutcome* latest = nullptr;  ///< The task that just ended; null at regular calls.
    std::size_t latest_task = 0;
};

/// What `run_tasks` calls.
struct TaskCalls {
    /// Runs one task on the calling rank and returns a report, short or long. An exception makes
    /// the task fail with its text; the run goes on.
    std::function<std::string(std::size_t task)> execute;
    /// On rank 0, from the manager's thread: whenever a task ends and at least every half second.
    /// An exception ends the run: `run_tasks` throws it when rank 0's own task has ended.
    std::function<void(const Progress&)> progress;
};

/// Runs `tasks` (the same list on every rank) and returns their outcomes on rank 0, in order;
/// empty elsewhere. Collective.
///
/// Every rank executes tasks. A manager thread on rank 0 hands them out (Iprobe and a short nap, so
/// that an idle rank burns no core), longest ready task first; a rank for which nothing is ready
/// waits until something is. Needs MPI_THREAD_MULTIPLE. Throws MpiError if MPI fails or a report
/// does not fit MPI's counts (2 GiB); every rank must then leave through `run_job`.
[[nodiscard]] std::vector<TaskOutcome> run_tasks(const Communicator& world,
                                                 const std::vector<Task>& tasks,
                                                 const TaskCalls& calls);

}  // namespace patchead
