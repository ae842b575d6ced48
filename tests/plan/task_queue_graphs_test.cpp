// Any graph, any order of events: a slow model that looks at every task at each step; and a graph
// too large for that.

#include <algorithm>
#include <array>
#include <optional>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "patchead/plan/task_queue.hpp"

namespace patchead {
namespace {

/// The rules of the queue, written down a second time without any index.
class Model {
  public:
    Model(const std::vector<Task>& tasks, const std::vector<Lane>& lanes)
        : tasks_(tasks),
          lanes_(lanes),
          states_(tasks.size(), TaskState::waiting),
          makers_(tasks.size(), -1) {}

    [[nodiscard]] std::optional<std::size_t> next(int worker) {
        std::optional<std::size_t> best;
        for (std::size_t task = 0; task < tasks_.size(); ++task) {
            const bool is_taken = is_ready(task) && takes(worker, task);
            if (is_taken && (!best || beats(task, *best, worker))) { best = task; }
        }
        if (best) { states_[*best] = TaskState::running; }
        return best;
    }

    void set_speed(std::size_t kind, double factor) { factors_.at(kind) = factor; }

    void end(std::size_t task, TaskState state, int worker) {
        states_[task] = state;
        makers_[task] = worker;
    }

    /// As at the end, when whatever was ready has run.
    [[nodiscard]] TaskState final_state(std::size_t task) const {
        if (states_[task] != TaskState::waiting) { return states_[task]; }
        const bool lost = std::ranges::any_of(tasks_[task].needs, [&](std::size_t need) {
            const auto state = final_state(need);
            return state == TaskState::failed || state == TaskState::skipped;
        });
        return lost ? TaskState::skipped : TaskState::waiting;
    }

  private:
    [[nodiscard]] bool is_ready(std::size_t task) const {
        return states_[task] == TaskState::waiting &&
               std::ranges::all_of(tasks_[task].needs, [&](std::size_t need) {
                   return states_[need] == TaskState::done;
               });
    }
    [[nodiscard]] Lane lane(int worker) const {
        return lanes_.empty() ? Lane::both : lanes_[static_cast<std::size_t>(worker)];
    }
    [[nodiscard]] bool takes(int worker, std::size_t task) const {
        return lane(worker) != Lane::cores || !tasks_[task].needs_device;
    }
    [[nodiscard]] bool is_local(std::size_t task, int worker) const {
        return std::ranges::any_of(tasks_[task].needs,
                                   [&](std::size_t need) { return makers_[need] == worker; });
    }
    [[nodiscard]] double time(std::size_t task) const {
        return tasks_[task].cost * factors_.at(tasks_[task].kind);
    }
    [[nodiscard]] bool beats(std::size_t task, std::size_t other, int worker) const {
        if (lane(worker) == Lane::device &&
            tasks_[task].needs_device != tasks_[other].needs_device) {
            return tasks_[task].needs_device;
        }
        if (time(task) != time(other)) { return time(task) > time(other); }
        return is_local(task, worker) && !is_local(other, worker);
    }

    const std::vector<Task>& tasks_;
    const std::vector<Lane>& lanes_;
    std::vector<TaskState> states_;
    std::vector<int> makers_;
    std::array<double, 3> factors_{1, 1, 1};
};

/// Few different costs, so that ties are common; needs may name a task twice.
std::vector<Task> random_tasks(std::mt19937& random) {
    std::vector<Task> tasks(random() % 60);
    for (std::size_t task = 0; task < tasks.size(); ++task) {
        tasks[task].cost = static_cast<double>(random() % 4);
        tasks[task].kind = random() % 3;
        tasks[task].needs_device = random() % 2 == 0;
        for (auto n = task == 0 ? 0 : random() % 4; n > 0; --n) {
            tasks[task].needs.push_back(random() % task);
        }
    }
    return tasks;
}

/// Every second seed has lanes; the first worker takes what needs the device.
std::vector<Lane> random_lanes(std::mt19937& random, unsigned seed, std::size_t workers) {
    std::vector<Lane> lanes;
    for (std::size_t worker = 0; seed % 2 == 1 && worker < workers; ++worker) {
        lanes.push_back(static_cast<Lane>(random() % (worker == 0 ? 2 : 3)));
    }
    return lanes;
}

void run_random_graph(unsigned seed) {
    std::mt19937 random(seed);
    const auto tasks = random_tasks(random);
    const auto failures_in_ten = random() % 3;
    std::vector<std::optional<std::size_t>> running(1 + random() % 5);
    const auto lanes = random_lanes(random, seed, running.size());
    TaskQueue queue(tasks, lanes);
    Model model(tasks, lanes);

    std::size_t steps = 0;
    while (!queue.finished()) {
        ASSERT_LT(++steps, 10000U) << "never ends";
        const auto worker = random() % running.size();
        auto& task = running[worker];
        if (!task) {
            task = queue.next(static_cast<int>(worker));
            ASSERT_EQ(task, model.next(static_cast<int>(worker)));
        } else {
            const bool fails = random() % 10 < failures_in_ten;
            model.end(*task, fails ? TaskState::failed : TaskState::done, static_cast<int>(worker));
            if (fails) {
                queue.fail(*task, "x");
            } else {
                queue.finish(*task, static_cast<int>(worker));
            }
            task.reset();
            const auto kind = random() % 3;
            const auto factor = 0.5 * static_cast<double>(1 + random() % 4);
            queue.set_speed(kind, factor);
            model.set_speed(kind, factor);
        }
    }
    for (std::size_t task = 0; task < tasks.size(); ++task) {
        EXPECT_EQ(queue.state(task), model.final_state(task)) << "task " << task;
        EXPECT_NE(queue.state(task), TaskState::waiting) << "task " << task;
    }
    EXPECT_EQ(queue.next(0), std::nullopt);
}

TEST(TaskQueue, RunsAnyGraphByTheRulesWhateverTheOrderOfEvents) {
    for (unsigned seed = 0; seed < 1000; ++seed) {
        SCOPED_TRACE(testing::Message() << "seed " << seed);
        run_random_graph(seed);
        if (HasFatalFailure()) { return; }
    }
}

// A queue that looked at all tasks at each step would need 10^10 looks here and run into the limit
// of the test.
TEST(TaskQueue, HandlesManyTasksAndWorkers) {
    constexpr std::size_t kInputs = 100'000;
    constexpr int kWorkers = 4096;
    std::vector<Task> tasks(kInputs, Task{3, {}});
    for (std::size_t i = 0; i < kInputs; ++i) { tasks.push_back({1, {i, (i * 7919) % kInputs}}); }
    TaskQueue queue(tasks);
    std::size_t handed_out = 0;
    for (int worker = 0; !queue.finished(); worker = (worker + 1) % kWorkers) {
        if (const auto task = queue.next(worker)) {
            ++handed_out;
            queue.finish(*task, worker);
        }
    }
    EXPECT_EQ(handed_out, 2 * kInputs);
    EXPECT_EQ(queue.count(TaskState::done), 2 * kInputs);
}

}  // namespace
}  // namespace patchead
