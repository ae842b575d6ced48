#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "mailbox.hpp"
#include "patchead/ranks/run_tasks.hpp"

/// \file
/// \brief What the manager knows: who runs what, what came of it, how far it is. No messages.
/// Private to the ranks layer.

namespace patchead::inline ranks_detail {

class Manager {
  public:
    /// `calls` must outlive it; `lanes` has one for each rank.
    Manager(const std::vector<Task>& tasks, const TaskCalls& calls, const std::vector<Lane>& lanes);

    /// Notes what `rank` says about its last task.
    void note(int rank, Request request);
    /// The next task for `rank`; nothing if none is ready.
    [[nodiscard]] std::optional<std::size_t> next(int rank);
    /// As TaskQueue::line_up.
    void line_up(int rank, std::vector<int>& idle) const { queue_.line_up(rank, idle); }

    [[nodiscard]] bool has_ready() const {
        return !draining_ && queue_.count(TaskState::ready) > 0;
    }
    /// Nothing is left that could be handed out, now or later.
    [[nodiscard]] bool finished() const;
    /// Somebody wants the run to come to an end, or the disk is full.
    [[nodiscard]] bool wants_to_drain() const { return wants_to_drain_; }
    /// Hands out nothing any more.
    void drain() { draining_ = true; }
    [[nodiscard]] bool draining() const { return draining_; }

    /// What has to be done now and then: asks whether to stop, wakes tasks that others were at,
    /// shows progress.
    void tick();

    /// Of all tasks; call it once, at the end.
    [[nodiscard]] std::vector<TaskOutcome> take_outcomes();

  private:
    using Clock = std::chrono::steady_clock;

    [[nodiscard]] double now() const;
    void end_task(std::size_t task, int rank, Request request);
    /// An attempt that left the task undone.
    void take_back(std::size_t task, int rank, Request request);
    void retry(std::size_t task, int rank, Request request);
    void close(std::size_t task, int rank, Request request);
    void learn(const Task& task, double seconds);
    void wake_postponed();
    void show(const TaskOutcome* latest);

    TaskQueue queue_;
    std::vector<TaskOutcome> outcomes_;
    std::vector<bool> retried_;
    std::vector<std::pair<double, std::size_t>> postponed_;  ///< When to try again, and what.
    struct Spent {
        double model = 0;  ///< Seconds, as the costs of tasks say.
        double real = 0;
    };
    std::vector<Spent> spent_;  ///< On tasks that are done, by kind.
    Spent all_spent_;
    Progress progress_;
    const TaskCalls& calls_;
    Clock::time_point start_ = Clock::now();
    double shown_ = 0;  ///< When; seconds since the start.
    bool wants_to_drain_ = false;
    bool draining_ = false;
};

}  // namespace patchead::inline ranks_detail
