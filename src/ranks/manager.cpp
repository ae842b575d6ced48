#include "manager.hpp"

#include <algorithm>
#include <utility>

namespace patchead {
namespace {
/// Less than the half second that is promised, since the manager looks only now and then.
constexpr double kShowEvery = 0.3;
/// After which a task that others were at is looked at again.
constexpr double kPostpone = 0.5;
}  // namespace

Manager::Manager(const std::vector<Task>& tasks, const TaskCalls& calls,
                 const std::vector<Lane>& lanes)
    : queue_(tasks, lanes), outcomes_(tasks.size()), retried_(tasks.size()), calls_(calls) {
    progress_.total = tasks.size();
    progress_.ranks = static_cast<int>(lanes.size());
    for (const auto& task : tasks) { progress_.cost_total += task.cost; }
}

void Manager::note(int rank, Request request) {
    if (request.stop) { wants_to_drain_ = true; }
    if (!request.task) { return; }
    const auto task = *request.task;
    end_task(task, rank, std::move(request));
}

std::optional<std::size_t> Manager::next(int rank) {
    if (draining_) { return std::nullopt; }
    const auto task = queue_.next(rank);
    if (task) { outcomes_[*task].started = now(); }
    return task;
}

bool Manager::finished() const {
    if (!draining_) { return queue_.finished(); }
    return queue_.count(TaskState::running) == postponed_.size();
}

void Manager::tick() {
    if (!wants_to_drain_ && calls_.stop && calls_.stop()) { wants_to_drain_ = true; }
    wake_postponed();
    if (now() - shown_ > kShowEvery) { show(nullptr); }
}

std::vector<TaskOutcome> Manager::take_outcomes() {
    for (const auto& [when, task] : postponed_) { queue_.release(task); }
    for (std::size_t task = 0; task < outcomes_.size(); ++task) {
        outcomes_[task].state = queue_.state(task);
        outcomes_[task].reason = queue_.reason(task);
    }
    return std::move(outcomes_);
}

double Manager::now() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

void Manager::end_task(std::size_t task, int rank, Request request) {
    switch (request.ended) {
        case Ended::interrupted:
        case Ended::busy:
            return take_back(task, rank, std::move(request));
        case Ended::may_pass:
            if (!retried_[task] && !draining_) { return retry(task, rank, std::move(request)); }
            return close(task, rank, std::move(request));
        default:
            return close(task, rank, std::move(request));
    }
}

void Manager::take_back(std::size_t task, int, Request request) {
    if (request.ended == Ended::interrupted) { return queue_.release(task); }
    postponed_.emplace_back(now() + kPostpone, task);
}

void Manager::retry(std::size_t task, int rank, Request request) {
    retried_[task] = true;
    ++progress_.retried;
    queue_.retry_elsewhere(task, rank);
    if (calls_.trouble) {
        calls_.trouble({Trouble::Kind::retried, rank, task, request.seconds, request.text});
    }
}

void Manager::close(std::size_t task, int rank, Request request) {
    auto& outcome = outcomes_.at(task);
    outcome.rank = rank;
    outcome.seconds = request.seconds;
    if (request.ended == Ended::disk) {
        wants_to_drain_ = true;
        if (calls_.trouble) {
            calls_.trouble({Trouble::Kind::disk, rank, task, request.seconds, request.text});
        }
    }
    if (request.ended == Ended::done) {
        queue_.finish(task, rank);
        outcome.report = std::move(request.text);
        learn(queue_.task(task), request.seconds);
    } else {
        for (const auto skipped : queue_.fail(task, std::move(request.text))) {
            progress_.cost_total -= queue_.task(skipped).cost;
        }
    }
    outcome.state = queue_.state(task);
    outcome.reason = queue_.reason(task);
    progress_.cost_done += queue_.task(task).cost;
    progress_.latest_task = task;
    show(&outcome);
}

/// Corrects the costs of what is still to be done. A kind of which nothing is known yet is taken to
/// be as far off as the others together.
void Manager::learn(const Task& task, double seconds) {
    if (!(task.cost > 0 && seconds > 0)) { return; }
    spent_.resize(std::max(spent_.size(), task.kind + 1));
    spent_[task.kind].model += task.cost;
    spent_[task.kind].real += seconds;
    all_spent_.model += task.cost;
    all_spent_.real += seconds;
    for (std::size_t kind = 0; kind < queue_.kinds(); ++kind) {
        const bool is_known = kind < spent_.size() && spent_[kind].model > 0;
        const auto& spent = is_known ? spent_[kind] : all_spent_;
        queue_.set_speed(kind, spent.real / spent.model);
    }
}

void Manager::wake_postponed() {
    std::erase_if(postponed_, [&](const auto& entry) {
        const bool due = entry.first <= now() && !draining_;
        if (due) { queue_.release(entry.second); }
        return due;
    });
}

void Manager::show(const TaskOutcome* latest) {
    shown_ = now();
    if (!calls_.progress) { return; }
    progress_.done = queue_.count(TaskState::done);
    progress_.failed = queue_.count(TaskState::failed);
    progress_.skipped = queue_.count(TaskState::skipped);
    progress_.running = queue_.count(TaskState::running);
    progress_.elsewhere = postponed_.size();
    progress_.draining = draining_;
    progress_.seconds = shown_;
    progress_.latest = latest;
    calls_.progress(progress_);
}

}  // namespace patchead
