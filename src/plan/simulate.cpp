#include "patchead/plan/simulate.hpp"

#include <algorithm>
#include <queue>

namespace patchead {
namespace {

/// A rank that ends a task at some time.
struct Event {
    double time;
    int rank;
    std::size_t task;
    friend bool operator>(const Event& a, const Event& b) {
        return a.time > b.time || (a.time == b.time && a.rank > b.rank);
    }
};

class Player {
  public:
    Player(const std::vector<Task>& tasks, const std::vector<Lane>& lanes, const HandOut& hand_out,
           double slowness)
        : queue_(tasks, lanes), lanes_(lanes), hand_out_(hand_out), slowness_(slowness) {
        for (auto rank = static_cast<int>(lanes.size()); rank-- > 0;) {
            queue_.line_up(rank, idle_);
        }
    }

    /// When the last task has ended.
    double run() {
        double now = 0;
        serve(now);
        while (!events_.empty()) {
            const auto event = events_.top();
            events_.pop();
            now = event.time;
            queue_.finish(event.task, event.rank);
            queue_.line_up(event.rank, idle_);
            serve(now);
        }
        return now;
    }

    [[nodiscard]] double manager_seconds() const { return manager_seconds_; }
    [[nodiscard]] double rank_seconds() const { return rank_seconds_; }

  private:
    /// As the manager does.
    void serve(double now) {
        for (auto at = idle_.size(); at-- > 0 && queue_.count(TaskState::ready) > 0;) {
            const auto task = queue_.next(idle_[at]);
            if (!task) { continue; }
            manager_free_ = std::max(manager_free_, now) + hand_out_.manager_seconds;
            manager_seconds_ += hand_out_.manager_seconds;
            const bool is_slow = lanes_[static_cast<std::size_t>(idle_[at])] == Lane::cores;
            const double seconds = queue_.task(*task).cost * (is_slow ? slowness_ : 1);
            rank_seconds_ += seconds;
            events_.push({manager_free_ + hand_out_.rank_seconds + seconds, idle_[at], *task});
            idle_.erase(idle_.begin() + static_cast<std::ptrdiff_t>(at));
        }
    }

    TaskQueue queue_;
    const std::vector<Lane>& lanes_;
    HandOut hand_out_;
    double slowness_;
    std::vector<int> idle_;
    std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
    double manager_free_ = 0;
    double manager_seconds_ = 0;
    double rank_seconds_ = 0;
};

double longest_chain(const std::vector<Task>& tasks) {
    std::vector<double> end(tasks.size());
    double longest = 0;
    for (std::size_t task = 0; task < tasks.size(); ++task) {
        for (const auto need : tasks[task].needs) { end[task] = std::max(end[task], end[need]); }
        end[task] += tasks[task].cost;
        longest = std::max(longest, end[task]);
    }
    return longest;
}

}  // namespace

SimulatedRun simulate(const std::vector<Task>& tasks, int ranks, const HandOut& hand_out) {
    return simulate(tasks, std::vector(static_cast<std::size_t>(ranks), Lane::both), hand_out);
}

SimulatedRun simulate(const std::vector<Task>& tasks, const std::vector<Lane>& lanes,
                      const HandOut& hand_out, double slowness) {
    SimulatedRun run;
    run.ranks = static_cast<int>(lanes.size());
    run.core_ranks = static_cast<int>(std::ranges::count(lanes, Lane::cores));
    for (const auto& task : tasks) { run.device_seconds += task.needs_device ? task.cost : 0; }
    run.device_seconds /= run.ranks - run.core_ranks;
    run.critical_path = longest_chain(tasks);
    Player player(tasks, lanes, hand_out, slowness);
    run.seconds = player.run();
    run.rank_seconds = player.rank_seconds();
    const double all = run.seconds * run.ranks;
    const double best =
        std::max({run.rank_seconds / run.ranks, run.critical_path, run.device_seconds});
    run.efficiency = all > 0 ? run.rank_seconds / all : 1;
    run.unavoidable = all > 0 ? (best * run.ranks - run.rank_seconds) / all : 0;
    run.idle = all - run.rank_seconds;
    run.manager = run.seconds > 0 ? player.manager_seconds() / run.seconds : 0;
    return run;
}

std::string reason_of(const SimulatedRun& run) {
    if (run.efficiency >= 0.95) { return ""; }
    if (run.manager > 0.8) { return "the manager hands out no faster"; }
    if (run.unavoidable > (1 - run.efficiency) / 2) {
        if (run.device_seconds > run.critical_path) {
            return "the units that need the device: its ranks have no time for more";
        }
        return "the critical path: a chain of units that need each other";
    }
    return "the end: the last units are too long for so many ranks";
}

}  // namespace patchead
