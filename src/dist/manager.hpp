#pragma once

#include <chrono>
#include <functional>
#include <vector>

#include "line.hpp"
#include "patchead/dist/run_tasks.hpp"

/// \file
/// \brief The manager's books: who runs what, what came of it, how far it is. Knows no messages.
/// Private to the dist layer.

namespace patchead {

class Manager {
  public:
    Manager(const std::vector<Task>& tasks, const std::function<void(const Progress&)>& progress,
            int ranks);

    /// Books what `rank` says about its last task.
    void note(int rank, Request request);
    /// The next task for `rank`; nothing if none is ready.
    [[nodiscard]] std::optional<std::size_t> next(int rank);
    [[nodiscard]] bool finished() const { return queue_.finished(); }

    /// Shows progress if it has not been shown for a while.
    void keep_showing();

    /// Of all tasks; call it once, at the end.
    [[nodiscard]] std::vector<TaskOutcome> take_outcomes();

  private:
    using Clock = std::chrono::steady_clock;

    [[nodiscard]] double now() const;
    void end_task(std::size_t task, int rank, Request request);
    void show(const TaskOutcome* latest);

    TaskQueue queue_;
    std::vector<TaskOutcome> outcomes_;
    Progress progress_;
    const std::function<void(const Progress&)>& show_;
    Clock::time_point start_ = Clock::now();
    double shown_ = 0;  ///< When; seconds since the start.
};

}  // namespace patchead
