#include "patchead/plan/task_queue.hpp"

#include <algorithm>
#include <stdexcept>

#include "patchead/core/error.hpp"

namespace patchead {
namespace {
constexpr int kNobody = -1;
/// How many of the longest ready tasks are looked at for one whose inputs the worker made.
constexpr int kLocalityWindow = 32;
}  // namespace

TaskQueue::TaskQueue(std::vector<Task> tasks)
    : tasks_(std::move(tasks)),
      states_(tasks_.size(), TaskState::waiting),
      reasons_(tasks_.size()),
      dependants_(tasks_.size()),
      missing_inputs_(tasks_.size()),
      made_by_(tasks_.size(), kNobody),
      open_(tasks_.size()) {
    for (std::size_t task = 0; task < tasks_.size(); ++task) {
        for (const auto need : tasks_[task].needs) {
            if (need >= task) { throw std::logic_error("a task needs itself or a later one"); }
            dependants_[need].push_back(task);
        }
        missing_inputs_[task] = tasks_[task].needs.size();
        if (missing_inputs_[task] == 0) { make_ready(task); }
    }
}

std::optional<std::size_t> TaskQueue::next(int worker) {
    if (ready_.empty()) { return std::nullopt; }
    auto chosen = ready_.begin();
    int looked_at = 0;
    for (auto at = chosen; at != ready_.end() && at->first == chosen->first; ++at) {
        if (made_inputs_of(at->second, worker)) {
            chosen = at;
            break;
        }
        if (++looked_at == kLocalityWindow) { break; }
    }
    const auto task = chosen->second;
    ready_.erase(chosen);
    states_[task] = TaskState::running;
    return task;
}

void TaskQueue::finish(std::size_t task, int worker) {
    PATCHEAD_ASSERT(states_.at(task) == TaskState::running);
    states_[task] = TaskState::done;
    made_by_[task] = worker;
    --open_;
    for (const auto dependant : dependants_[task]) {
        if (--missing_inputs_[dependant] == 0 && states_[dependant] == TaskState::waiting) {
            make_ready(dependant);
        }
    }
}

void TaskQueue::fail(std::size_t task, std::string reason) {
    PATCHEAD_ASSERT(states_.at(task) == TaskState::running);
    states_[task] = TaskState::failed;
    reasons_[task] = std::move(reason);
    --open_;
    skip_dependants(task);
}

std::size_t TaskQueue::count(TaskState state) const {
    return static_cast<std::size_t>(std::ranges::count(states_, state));
}

bool TaskQueue::made_inputs_of(std::size_t task, int worker) const {
    return std::ranges::any_of(tasks_[task].needs,
                               [&](std::size_t need) { return made_by_[need] == worker; });
}

void TaskQueue::make_ready(std::size_t task) {
    states_[task] = TaskState::ready;
    ready_.emplace(-tasks_[task].cost, task);
}

void TaskQueue::skip_dependants(std::size_t failed) {
    std::vector<std::size_t> stack{failed};
    while (!stack.empty()) {
        const auto task = stack.back();
        stack.pop_back();
        for (const auto dependant : dependants_[task]) {
            if (states_[dependant] != TaskState::waiting) { continue; }
            states_[dependant] = TaskState::skipped;
            reasons_[dependant] = concat("an input failed: ", reasons_[failed]);
            --open_;
            stack.push_back(dependant);
        }
    }
}

}  // namespace patchead
