#include "patchead/plan/task_queue.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "patchead/core/error.hpp"

namespace patchead {
namespace {

/// Of how many longest tasks for each worker the order by length is of no account.
constexpr double kFar = 4;

void require_earlier(std::size_t need, std::size_t task) {
    if (need >= task) {
        throw std::logic_error(concat("task ", task, " needs task ", need, ", not an earlier one"));
    }
}

/// Slots of a kind in a list by slot.
constexpr std::size_t kSlots = 2;

}  // namespace

TaskQueue::TaskQueue(std::vector<Task> tasks, std::vector<Lane> lanes)
    : tasks_(std::move(tasks)),
      lanes_(std::move(lanes)),
      device_workers_(std::ranges::count_if(lanes_, [](auto lane) { return lane != Lane::cores; })),
      states_(tasks_.size(), TaskState::waiting),
      missing_inputs_(tasks_.size()),
      made_by_(tasks_.size()) {
    counts_[static_cast<std::size_t>(TaskState::waiting)] = tasks_.size();
    for (const auto& task : tasks_) {
        factors_.resize(std::max(factors_.size(), task.kind + 1), 1);
    }
    ready_.resize(kSlots * factors_.size());
    ready_seconds_.resize(ready_.size());
    index_dependants();
    for (std::size_t task = 0; task < tasks_.size(); ++task) {
        if (std::isnan(tasks_[task].cost)) { throw std::logic_error("a task's cost is NaN"); }
        if (tasks_[task].needs_device && !lanes_.empty() && device_workers_ == 0) {
            throw std::logic_error("no worker takes a task that needs the device");
        }
        missing_inputs_[task] = tasks_[task].needs.size();
        if (missing_inputs_[task] == 0) { make_ready(task); }
    }
}

std::optional<std::size_t> TaskQueue::next(int worker) {
    workers_ = std::max(workers_, worker + 1);
    switch (lane(worker)) {
        case Lane::both:
            return next_of(worker, Need::any);
        case Lane::device:
            if (const auto task = next_of(worker, Need::device)) { return task; }
            break;
        case Lane::cores:
            break;
    }
    return next_of(worker, Need::none);
}

std::optional<std::size_t> TaskQueue::next_of(int worker, Need need) {
    if (const auto retry = next_retry(worker, need)) { return retry; }
    const auto chosen = longest(ready_, need);
    if (!chosen) { return std::nullopt; }
    return hand_out(preferred(worker, *chosen, need).value_or(*chosen).task, worker);
}

void TaskQueue::line_up(int worker, std::vector<int>& waiting) const {
    const auto is_of_cores = [&](int other) { return lane(other) == Lane::cores; };
    const auto place =
        is_of_cores(worker) ? waiting.end() : std::ranges::find_if(waiting, is_of_cores);
    waiting.insert(place, worker);
}

Lane TaskQueue::lane(int worker) const {
    return lanes_.empty() ? Lane::both : lanes_.at(static_cast<std::size_t>(worker));
}

bool TaskQueue::is_meant(bool needs_device, Need need) {
    return need == Need::any || needs_device == (need == Need::device);
}

std::size_t TaskQueue::slot_of(std::size_t task) const {
    return kSlots * tasks_[task].kind + (tasks_[task].needs_device ? 1 : 0);
}

/// What is better for `worker` than the longest one.
std::optional<TaskQueue::Ready> TaskQueue::preferred(int worker, const Ready& longest_of_all,
                                                     Need need) {
    const auto group = last_group_.find(worker);
    if (group != last_group_.end() && !is_near_end(longest_of_all.cost, need)) {
        if (const auto same_images = longest(ready_in_[group->second], need)) {
            return same_images;
        }
    }
    if (const auto local = ready_at_.find(worker); local != ready_at_.end()) {
        const auto own = longest(local->second, need);
        if (own && own->cost == longest_of_all.cost) { return own; }
    }
    return std::nullopt;
}

bool TaskQueue::is_near_end(double longest_seconds, Need need) const {
    double ready = 0;
    for (std::size_t slot = 0; slot < ready_seconds_.size(); ++slot) {
        if (!is_meant(slot % kSlots == 1, need)) { continue; }
        ready += ready_seconds_[slot] * factors_[slot / kSlots];
    }
    const auto workers = need == Need::device ? device_workers_ : workers_;
    return ready <= kFar * static_cast<double>(workers) * longest_seconds;
}

std::size_t TaskQueue::hand_out(std::size_t task, int worker) {
    move_to(task, TaskState::running);
    if (tasks_[task].group != Task::kNoGroup) { last_group_[worker] = tasks_[task].group; }
    return task;
}

void TaskQueue::set_speed(std::size_t kind, double factor) {
    if (!(factor > 0 && std::isfinite(factor))) { throw std::logic_error("no speed of a kind"); }
    if (kind < factors_.size()) { factors_[kind] = factor; }
}

void TaskQueue::finish(std::size_t task, int worker) {
    require_running(task);
    move_to(task, TaskState::done);
    made_by_[task] = worker;
    for (const auto dependant : dependants_of(task)) {
        // One that another failure has skipped stays skipped.
        if (--missing_inputs_[dependant] == 0 && states_[dependant] == TaskState::waiting) {
            make_ready(dependant);
        }
    }
}

std::vector<std::size_t> TaskQueue::fail(std::size_t task, std::string reason) {
    require_running(task);
    move_to(task, TaskState::failed);
    failures_.emplace(task, std::move(reason));
    return skip_dependants(task);
}

void TaskQueue::release(std::size_t task) {
    require_running(task);
    make_ready(task);
}

void TaskQueue::retry_elsewhere(std::size_t task, int worker) {
    require_running(task);
    const auto workers =
        tasks_[task].needs_device ? device_workers_ : static_cast<std::ptrdiff_t>(lanes_.size());
    if (!lanes_.empty() && workers == 1) { return make_ready(task); }
    move_to(task, TaskState::ready);
    retries_.emplace_back(task, worker);
}

bool TaskQueue::is_retry(std::size_t task) const {
    return std::ranges::any_of(retries_, [&](const auto& retry) { return retry.first == task; });
}

std::optional<std::size_t> TaskQueue::next_retry(int worker, Need need) {
    const auto found = std::ranges::find_if(retries_, [&](const auto& retry) {
        return retry.second != worker && is_meant(tasks_[retry.first].needs_device, need);
    });
    if (found == retries_.end()) { return std::nullopt; }
    const auto task = found->first;
    retries_.erase(found);
    return hand_out(task, worker);
}

bool TaskQueue::finished() const {
    return count(TaskState::waiting) + count(TaskState::ready) + count(TaskState::running) == 0;
}

std::string TaskQueue::reason(std::size_t task) const {
    if (const auto own = failures_.find(task); own != failures_.end()) { return own->second; }
    const auto skipped = skipped_by_.find(task);
    if (skipped == skipped_by_.end()) { return {}; }
    return concat("an input failed: ", failures_.at(skipped->second));
}

std::size_t TaskQueue::count(TaskState state) const {
    return counts_[static_cast<std::size_t>(state)];
}

/// Turns the lists of needs round, by a counting sort: two arrays instead of a vector a task.
void TaskQueue::index_dependants() {
    first_dependant_.assign(tasks_.size() + 1, 0);
    for (std::size_t task = 0; task < tasks_.size(); ++task) {
        for (const auto need : tasks_[task].needs) {
            require_earlier(need, task);
            ++first_dependant_[need + 1];
        }
    }
    std::partial_sum(first_dependant_.begin(), first_dependant_.end(), first_dependant_.begin());
    dependants_.resize(first_dependant_.back());
    auto next_place = first_dependant_;
    for (std::size_t task = 0; task < tasks_.size(); ++task) {
        for (const auto need : tasks_[task].needs) { dependants_[next_place[need]++] = task; }
    }
}

std::span<const std::size_t> TaskQueue::dependants_of(std::size_t task) const {
    const auto first = first_dependant_[task];
    return std::span(dependants_).subspan(first, first_dependant_[task + 1] - first);
}

void TaskQueue::require_running(std::size_t task) const {
    if (state(task) != TaskState::running) {
        throw std::logic_error(concat("task ", task, " ended, but it was not running"));
    }
}

void TaskQueue::move_to(std::size_t task, TaskState state) {
    --counts_[static_cast<std::size_t>(states_[task])];
    ++counts_[static_cast<std::size_t>(state)];
    auto& ready = ready_seconds_[slot_of(task)];
    if (states_[task] == TaskState::ready) { ready -= tasks_[task].cost; }
    if (state == TaskState::ready) { ready += tasks_[task].cost; }
    states_[task] = state;
}

void TaskQueue::make_ready(std::size_t task) {
    move_to(task, TaskState::ready);
    const Ready entry{tasks_[task].cost, task};
    const auto slot = slot_of(task);
    ready_[slot].push(entry);
    if (tasks_[task].group != Task::kNoGroup) {
        auto& heaps = ready_in_[tasks_[task].group];
        heaps.resize(ready_.size());
        heaps[slot].push(entry);
    }
    for (const auto need : tasks_[task].needs) {
        auto& heaps = ready_at_[made_by_[need]];
        heaps.resize(ready_.size());
        heaps[slot].push(entry);
    }
}

/// The one with the longest corrected time, which is its `cost` in the result.
std::optional<TaskQueue::Ready> TaskQueue::longest(Heaps& heaps, Need need) const {
    std::optional<Ready> best;
    for (std::size_t slot = 0; slot < heaps.size(); ++slot) {
        if (!is_meant(slot % kSlots == 1, need)) { continue; }
        drop_stale(heaps[slot]);
        if (heaps[slot].empty()) { continue; }
        const auto& top = heaps[slot].top();
        const Ready corrected{top.cost * factors_[slot / kSlots], top.task};
        if (!best || *best < corrected) { best = corrected; }
    }
    return best;
}

void TaskQueue::drop_stale(Heap& heap) const {
    const auto is_stale = [&](std::size_t task) {
        return states_[task] != TaskState::ready || is_retry(task);
    };
    while (!heap.empty() && is_stale(heap.top().task)) { heap.pop(); }
}

std::vector<std::size_t> TaskQueue::skip_dependants(std::size_t failed) {
    std::vector<std::size_t> skipped;
    skip_those_that_need(failed, failed, skipped);
    for (std::size_t i = 0; i < skipped.size(); ++i) {
        skip_those_that_need(skipped[i], failed, skipped);
    }
    return skipped;
}

void TaskQueue::skip_those_that_need(std::size_t task, std::size_t failed,
                                     std::vector<std::size_t>& skipped) {
    for (const auto dependant : dependants_of(task)) {
        if (states_[dependant] != TaskState::waiting) { continue; }
        move_to(dependant, TaskState::skipped);
        skipped_by_.emplace(dependant, failed);
        skipped.push_back(dependant);
    }
}

}  // namespace patchead
