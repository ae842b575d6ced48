#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <queue>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "patchead/plan/lanes.hpp"

/// \file
/// \brief Which task runs next. Pure: no clock, no ranks as processes, no idea what a task is.

namespace patchead {

/// A node of the graph of work; its number is its place in the list.
struct Task {
    double cost = 0;                 ///< Expected seconds, or anything that orders like them.
    std::vector<std::size_t> needs;  ///< Tasks that must be done before; smaller numbers only.
    std::size_t kind = 0;            ///< Tasks of a kind share what is learned of their speed.
    std::size_t group = kNoGroup;    ///< Tasks of a group read the same images.
    bool needs_device = false;       ///< Workers that leave the device to others do not take it.

    static constexpr std::size_t kNoGroup = static_cast<std::size_t>(-1);
};

enum class TaskState { waiting, ready, running, done, failed, skipped };
inline constexpr std::size_t kTaskStates = 6;

/// Hands out ready tasks, longest first.
///
/// Among equally long ones it prefers a task of which the asking worker made an input, then the
/// smaller number. As long as far more is ready than the order by length can matter for, a worker
/// goes on with the group of its last task, whose images it has at hand. When a task fails, all
/// that need it, directly or not, are skipped.
///
/// Where workers have lanes, all this goes for the tasks that a worker takes, and one of the device
/// takes others only while none that needs it is ready.
///
/// What it hands out depends on the order of the calls alone, so that a simulation that replays
/// them on a clock of its own schedules as a real run does.
///
/// Costs are expectations; `set_speed` corrects those of a kind when the truth is known.
///
/// Cost: all calls together take O((tasks + needs) log tasks); `state` and `count` O(1).
class TaskQueue {
  public:
    /// `lanes`: of each worker; empty: there are any number, and each takes every task.
    /// Throws std::logic_error if a task needs itself or a later one, if a cost is NaN, or if no
    /// worker takes a task.
    explicit TaskQueue(std::vector<Task> tasks, std::vector<Lane> lanes = {});

    /// A task for `worker`, now running; nothing if none that it takes is ready at the moment.
    [[nodiscard]] std::optional<std::size_t> next(int worker);

    /// Adds `worker` to those who wait for a task and are to be asked from the back: first those of
    /// the cores, so that who has the device begins nothing that they could; then who waits for the
    /// shortest time, since what it has just ended is what made others ready.
    void line_up(int worker, std::vector<int>& waiting) const;

    /// `worker` has done `task`. Throws std::logic_error if it was not running.
    void finish(std::size_t task, int worker);
    /// `task` came to nothing. Returns the tasks that are skipped for it, none of them twice.
    /// Throws std::logic_error if it was not running.
    std::vector<std::size_t> fail(std::size_t task, std::string reason);

    /// From now on a task of `kind` is taken to last `factor` times its cost.
    /// Throws std::logic_error unless it is positive and finite.
    void set_speed(std::size_t kind, double factor);

    /// `task` was given back undone: it is ready again.
    /// Throws std::logic_error if it was not running.
    void release(std::size_t task);
    /// The same, but `worker`, who could not do it, does not get it again if others take it.
    void retry_elsewhere(std::size_t task, int worker);

    /// Nothing is ready, running or waiting any more.
    [[nodiscard]] bool finished() const;
    [[nodiscard]] TaskState state(std::size_t task) const { return states_.at(task); }
    /// Why a task failed, or which failure skipped it; empty for others.
    [[nodiscard]] std::string reason(std::size_t task) const;
    [[nodiscard]] const Task& task(std::size_t number) const { return tasks_.at(number); }
    [[nodiscard]] std::size_t size() const { return tasks_.size(); }
    [[nodiscard]] std::size_t kinds() const { return factors_.size(); }
    /// How many tasks are in `state`.
    [[nodiscard]] std::size_t count(TaskState state) const;

  private:
    struct Ready {
        double cost;
        std::size_t task;
        friend bool operator<(const Ready& a, const Ready& b) {
            return a.cost < b.cost || (a.cost == b.cost && a.task > b.task);
        }
    };
    /// Longest on top. A task that was handed out through another heap is dropped when it surfaces.
    using Heap = std::priority_queue<Ready>;
    using Heaps = std::vector<Heap>;  ///< By slot: of tasks of a kind that need the device, or not.
    /// Which tasks are meant.
    enum class Need { any, device, none };

    void index_dependants();
    [[nodiscard]] std::span<const std::size_t> dependants_of(std::size_t task) const;
    void require_running(std::size_t task) const;
    [[nodiscard]] Lane lane(int worker) const;
    [[nodiscard]] static bool is_meant(bool needs_device, Need need);
    [[nodiscard]] std::size_t slot_of(std::size_t task) const;
    [[nodiscard]] std::optional<std::size_t> next_of(int worker, Need need);
    [[nodiscard]] std::optional<std::size_t> next_retry(int worker, Need need);
    [[nodiscard]] bool is_retry(std::size_t task) const;
    void move_to(std::size_t task, TaskState state);
    void make_ready(std::size_t task);
    void drop_stale(Heap& heap) const;
    [[nodiscard]] std::optional<Ready> longest(Heaps& heaps, Need need) const;
    [[nodiscard]] std::optional<Ready> preferred(int worker, const Ready& longest_of_all,
                                                 Need need);
    [[nodiscard]] bool is_near_end(double longest_seconds, Need need) const;
    std::size_t hand_out(std::size_t task, int worker);
    std::vector<std::size_t> skip_dependants(std::size_t failed);
    void skip_those_that_need(std::size_t task, std::size_t failed,
                              std::vector<std::size_t>& skipped);

    std::vector<Task> tasks_;
    std::vector<Lane> lanes_;
    std::ptrdiff_t device_workers_;  ///< Those who take tasks that need the device.
    std::vector<TaskState> states_;
    std::array<std::size_t, kTaskStates> counts_{};
    std::vector<std::size_t> missing_inputs_;
    /// Those that need task t: dependants_[first_dependant_[t]] up to first_dependant_[t + 1].
    std::vector<std::size_t> dependants_, first_dependant_;
    std::vector<int> made_by_;                 ///< Valid for tasks that are done.
    std::vector<double> factors_;              ///< By kind.
    Heaps ready_;                              ///< Every ready task but those of `retries_`.
    std::unordered_map<int, Heaps> ready_at_;  ///< By worker: those of which it made inputs.
    std::unordered_map<std::size_t, Heaps> ready_in_;  ///< By group.
    std::unordered_map<int, std::size_t> last_group_;  ///< By worker: of its last task in one.
    std::vector<double> ready_seconds_;                ///< By slot, not corrected.
    int workers_ = 0;                                  ///< That have asked, by their numbers.
    std::vector<std::pair<std::size_t, int>>
        retries_;  ///< Ready tasks, and who must not have them.
    std::unordered_map<std::size_t, std::string> failures_;
    std::unordered_map<std::size_t, std::size_t> skipped_by_;  ///< Skipped task to failed task.
};

}  // namespace patchead
