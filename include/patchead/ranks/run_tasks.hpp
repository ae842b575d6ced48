#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "patchead/plan/lanes.hpp"
#include "patchead/plan/task_queue.hpp"
#include "patchead/ranks/communicator.hpp"

/// \file
/// \brief Manager and workers: a graph of tasks run by all ranks.

namespace patchead {

/// What became of one task.
struct TaskOutcome {
    /// At the end done, failed or skipped; waiting or ready if the run was drained before it.
    TaskState state = TaskState::waiting;
    std::string reason;  ///< Why it failed or was skipped.
    std::string report;  ///< What `execute` returned.
    int rank = -1;       ///< Who ran it; -1 if nobody did.
    double started = 0;  ///< When it was handed out: seconds since the start of the run.
    double seconds = 0;  ///< How long `execute` took.
};

/// State of the run, for a progress display.
struct Progress {
    std::size_t done = 0;
    std::size_t failed = 0;
    std::size_t skipped = 0;
    std::size_t running = 0;
    std::size_t elsewhere = 0;  ///< Of the running ones: those that others than this job are at.
    std::size_t retried = 0;    ///< Attempts that failed and were repeated.
    std::size_t total = 0;
    double seconds = 0;     ///< Since the start of the run.
    double cost_done = 0;   ///< Of the tasks' costs; of failed ones too.
    double cost_total = 0;  ///< Without the skipped ones, which will never be done.
    int ranks = 1;
    bool draining = false;
    const TaskOutcome* latest = nullptr;  ///< The task that just ended; null at regular calls.
    std::size_t latest_task = 0;
};

/// Something that went wrong but did not end a task, on rank 0.
struct Trouble {
    enum class Kind {
        retried,  ///< An attempt failed and is repeated on another rank.
        silent,   ///< A rank gives no sign of life: the job is about to be aborted.
        slow,     ///< A task takes longer than allowed: the same.
        disk      ///< Nothing can be written any more: the run drains.
    };
    Kind kind = Kind::retried;
    int rank = 0;
    std::optional<std::size_t> task;  ///< What the rank is at.
    double seconds = 0;               ///< For how long.
    std::string reason;               ///< Of a failed attempt.
};

/// Thrown by `execute`: somebody outside of this job is at the task. It is tried again later.
struct TaskBusy {};
/// Thrown by `execute` at a safe point, after `draining`: the task is left undone.
struct TaskInterrupted {};

/// What `run_tasks` calls; all but `execute` may be empty.
struct TaskCalls {
    /// Runs one task on the calling rank and returns a report, short or long. An exception makes
    /// the task fail with its text; the run goes on. After a CacheError or an UnreadableError the
    /// task is tried once more on another rank (the same, if no other takes it). After a DiskError
    /// the run drains, since no other task could do better.
    std::function<std::string(std::size_t task)> execute = {};
    /// On rank 0, from the manager's thread: whenever a task ends and at least every half second.
    /// An exception ends the run: `run_tasks` throws it when rank 0's own task has ended.
    std::function<void(const Progress&)> progress = {};
    /// Asked on every rank ten times a second: whether the run is to drain. It then hands out
    /// nothing more and returns when the running tasks have ended.
    std::function<bool()> stop = {};
    /// Once on every rank, from a thread beside `execute`, when the run begins to drain.
    std::function<void()> draining = {};
    /// On rank 0, from the manager's thread.
    std::function<void(const Trouble&)> trouble = {};
};

/// When the manager takes a rank for lost. The job is then aborted, which is all that an MPI
/// without fault tolerance can do (a send to a dead rank succeeds).
struct Watch {
    double silent_seconds = 300;  ///< Without a sign of life. Ranks give one every few seconds.
    double task_seconds = 7200;   ///< At one task.
    int exit_code = 1;            ///< Of the job that is aborted because a rank is lost.
};

/// Runs `tasks` (the same list on every rank) and returns their outcomes on rank 0, in order;
/// empty elsewhere. Collective.
///
/// Every rank executes tasks. A manager thread on rank 0 hands them out (Iprobe and a short nap, so
/// that an idle rank burns no core), longest ready task first, to ranks whose `lane` takes it; a
/// rank for which nothing is ready waits until something is. Needs MPI_THREAD_MULTIPLE. Throws
/// MpiError if MPI fails or a report does not fit MPI's counts (2 GiB); every rank must then leave
/// through `run_job`.
[[nodiscard]] std::vector<TaskOutcome> run_tasks(const Communicator& world,
                                                 const std::vector<Task>& tasks,
                                                 const TaskCalls& calls, const Watch& watch = {},
                                                 Lane lane = Lane::both);

}  // namespace patchead
