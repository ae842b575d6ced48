#include "inbox.hpp"

#include <cstdlib>

namespace patchead {
namespace {

using namespace std::chrono_literals;

/// Longest sleeps of the manager when nobody asks. Its own worker wakes it; for the requests of
/// other ranks it must look (every 200 us, all the time, took a tenth of a core).
constexpr std::chrono::microseconds kLookForRanks = 1ms;
constexpr std::chrono::microseconds kLookAtClock = 100ms;

}  // namespace

Inbox::Inbox(Mailbox& own, Channel* others) : own_(own), others_(others), nap_(fresh_nap()) {}

std::optional<std::pair<int, Request>> Inbox::next() {
    auto asked = look(0us);
    if (!asked) { asked = look(nap_.next_length()); }
    if (asked) { nap_ = fresh_nap(); }
    return asked;
}

void Inbox::answer(int rank, Answer answer) {
    rank == 0 ? own_.answer(answer) : others_->answer(rank, answer);
}

void Inbox::announce_draining(int ranks) {
    if (others_ != nullptr) { others_->announce_draining(ranks); }
}

void Inbox::abort(int code) {
    if (others_ != nullptr) { others_->abort(code); }
    std::_Exit(code);
}

Nap Inbox::fresh_nap() const { return Nap(others_ != nullptr ? kLookForRanks : kLookAtClock); }

/// The own worker goes first: it could starve behind many others, they cannot behind one.
std::optional<std::pair<int, Request>> Inbox::look(std::chrono::microseconds patience) {
    if (auto request = own_.listen(patience)) { return std::pair{0, std::move(*request)}; }
    return others_ != nullptr ? others_->poll() : std::nullopt;
}

}  // namespace patchead
