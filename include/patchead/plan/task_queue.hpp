#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

/// \file
/// \brief Which task runs next. Pure: no clock, no ranks as processes, no idea what a task is.

namespace patchead {

/// A node of the graph of work; its number is its place in the list.
struct Task {
    double cost = 0;                 ///< Expected seconds, or anything that orders like them.
    std::vector<std::size_t> needs;  ///< Tasks that must be done before; smaller numbers only.
};

enum class TaskState { waiting, ready, running, done, failed, skipped };

/// Hands out ready tasks, longest first.
///
/// Among equally long ones it prefers a task whose inputs the asking worker made, then the smaller
/// number. When a task fails, all that need it, directly or not, are skipped.
class TaskQueue {
  public:
    /// Throws std::logic_error if a task needs itself or a later one.
    explicit TaskQueue(std::vector<Task> tasks);

    /// A task for `worker`, now running; nothing if none is ready at the moment.
    std::optional<std::size_t> next(int worker);

    void finish(std::size_t task, int worker);
    void fail(std::size_t task, std::string reason);

    /// Nothing is ready, running or waiting any more.
    [[nodiscard]] bool finished() const { return open_ == 0; }
    [[nodiscard]] TaskState state(std::size_t task) const { return states_[task]; }
    /// Why a task failed, or which task's failure skipped it; empty for others.
    [[nodiscard]] const std::string& reason(std::size_t task) const { return reasons_[task]; }
    [[nodiscard]] std::size_t size() const { return tasks_.size(); }
    [[nodiscard]] std::size_t count(TaskState state) const;

  private:
    [[nodiscard]] bool made_inputs_of(std::size_t task, int worker) const;
    void make_ready(std::size_t task);
    void skip_dependants(std::size_t failed);

    std::vector<Task> tasks_;
    std::vector<TaskState> states_;
    std::vector<std::string> reasons_;
    std::vector<std::vector<std::size_t>> dependants_;
    std::vector<std::size_t> missing_inputs_;
    std::vector<int> made_by_;
    std::set<std::pair<double, std::size_t>> ready_;  ///< (-cost, number)
    std::size_t open_ = 0;
};

}  // namespace patchead
