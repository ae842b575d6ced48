#include "watchdog.hpp"

namespace patchead {
namespace {

using Seconds = std::chrono::duration<double>;

double between(Watchdog::Time from, Watchdog::Time to) { return Seconds(to - from).count(); }

constexpr double kLookEvery = 1;
/// Longer than the manager ever sleeps by itself.
constexpr double kWasAsleep = 10;

}  // namespace

Watchdog::Watchdog(int ranks, const Watch& watch, Time now)
    : watch_(watch), ranks_(static_cast<std::size_t>(ranks)), looked_(now) {
    start_anew(now);
}

void Watchdog::works_at(int rank, std::optional<std::size_t> task, Time now) {
    auto& entry = ranks_[static_cast<std::size_t>(rank)];
    entry.task = task;
    entry.began = now;
}

std::optional<Trouble> Watchdog::look(Time now) {
    const auto pause = between(looked_, now);
    if (pause < kLookEvery) { return std::nullopt; }
    looked_ = now;
    if (pause > kWasAsleep) { start_anew(now); }
    for (std::size_t rank = 0; rank < ranks_.size(); ++rank) {
        const auto& entry = ranks_[rank];
        const auto silent = between(entry.heard, now);
        // Rank 0's worker is a thread of this very process and speaks only when it asks.
        if (rank > 0 && silent > watch_.silent_seconds) {
            return Trouble{Trouble::Kind::silent, static_cast<int>(rank), entry.task, silent, {}};
        }
        const auto busy = between(entry.began, now);
        if (entry.task && busy > watch_.task_seconds) {
            return Trouble{Trouble::Kind::slow, static_cast<int>(rank), entry.task, busy, {}};
        }
    }
    return std::nullopt;
}

void Watchdog::start_anew(Time now) {
    for (auto& rank : ranks_) {
        rank.heard = now;
        rank.began = now;
    }
}

}  // namespace patchead
