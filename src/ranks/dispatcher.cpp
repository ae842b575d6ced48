#include "dispatcher.hpp"

#include <cstddef>
#include <optional>
#include <utility>

namespace patchead {

Dispatcher::Dispatcher(Manager& manager, Inbox& inbox, const TaskCalls& calls, const Watch& watch,
                       int ranks)
    : manager_(manager),
      inbox_(inbox),
      calls_(calls),
      watchdog_(ranks, watch, Clock::now()),
      lost_rank_code_(watch.exit_code),
      ranks_(ranks) {}

void Dispatcher::run(const std::stop_token& stop) {
    while (!(manager_.finished() && idle_.size() == static_cast<std::size_t>(ranks_))) {
        if (stop.stop_requested()) { return; }
        hear();
        manager_.tick();
        if (manager_.wants_to_drain() && !manager_.draining()) { drain(); }
        serve();
        watch();
    }
    for (const int rank : idle_) { inbox_.answer(rank, std::nullopt); }
    while (left_ < ranks_ - 1) {
        hear();
        watch();
    }
}

void Dispatcher::hear() {
    auto said = inbox_.next();
    if (!said) { return; }
    auto& [rank, request] = *said;
    watchdog_.heard(rank, Clock::now());
    if (request.leaves) { ++left_; }
    if (request.asks) {
        watchdog_.works_at(rank, std::nullopt, Clock::now());
        manager_.line_up(rank, idle_);
    }
    manager_.note(rank, std::move(request));
}

void Dispatcher::serve() {
    for (auto at = idle_.size(); at-- > 0 && manager_.has_ready();) {
        const auto task = manager_.next(idle_[at]);
        // Nothing for this rank can still be something for another: a task that it failed at.
        if (!task) { continue; }
        inbox_.answer(idle_[at], task);
        watchdog_.works_at(idle_[at], task, Clock::now());
        idle_.erase(idle_.begin() + static_cast<std::ptrdiff_t>(at));
    }
}

void Dispatcher::drain() {
    manager_.drain();
    inbox_.announce_draining(ranks_);
    if (calls_.draining) { calls_.draining(); }
}

void Dispatcher::watch() {
    const auto lost = watchdog_.look(Clock::now());
    if (!lost) { return; }
    if (calls_.trouble) { calls_.trouble(*lost); }
    inbox_.abort(lost_rank_code_);
}

}  // namespace patchead
