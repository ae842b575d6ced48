#include "manager.hpp"

#include <utility>

namespace patchead {
namespace {
/// Less than the half second that is promised, since the manager looks only now and then.
constexpr double kShowEvery = 0.3;
}  // namespace

Manager::Manager(const std::vector<Task>& tasks,
                 const std::function<void(const Progress&)>& progress, int ranks)
    : queue_(tasks), outcomes_(tasks.size()), show_(progress) {
    progress_.total = tasks.size();
    progress_.ranks = ranks;
    for (const auto& task : tasks) { progress_.cost_total += task.cost; }
}

void Manager::note(int rank, Request request) {
    if (!request.ended) { return; }
    const auto task = *request.ended;
    end_task(task, rank, std::move(request));
}

std::optional<std::size_t> Manager::next(int rank) {
    const auto task = queue_.next(rank);
    if (task) { outcomes_[*task].started = now(); }
    return task;
}

void Manager::keep_showing() {
    if (now() - shown_ > kShowEvery) { show(nullptr); }
}

std::vector<TaskOutcome> Manager::take_outcomes() {
    for (std::size_t task = 0; task < outcomes_.size(); ++task) {
        outcomes_[task].state = queue_.state(task);
        outcomes_[task].reason = queue_.reason(task);
    }
    return std::move(outcomes_);
}

double Manager::now() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

void Manager::end_task(std::size_t task, int rank, Request request) {
    auto& outcome = outcomes_.at(task);
    outcome.rank = rank;
    outcome.seconds = request.seconds;
    if (request.failed) {
        for (const auto skipped : queue_.fail(task, std::move(request.text))) {
            progress_.cost_total -= queue_.task(skipped).cost;
        }
    } else {
        queue_.finish(task, rank);
        outcome.report = std::move(request.text);
    }
    outcome.state = queue_.state(task);
    outcome.reason = queue_.reason(task);
    progress_.cost_done += queue_.task(task).cost;
    progress_.latest_task = task;
    show(&outcome);
}

void Manager::show(const TaskOutcome* latest) {
    shown_ = now();
    if (!show_) { return; }
    progress_.done = queue_.count(TaskState::done);
    progress_.failed = queue_.count(TaskState::failed);
    progress_.skipped = queue_.count(TaskState::skipped);
    progress_.running = queue_.count(TaskState::running);
    progress_.seconds = shown_;
    progress_.latest = latest;
    show_(progress_);
}

}  // namespace patchead
