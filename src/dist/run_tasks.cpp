#include "patchead/dist/run_tasks.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <optional>
#include <thread>
#include <utility>

#include "channel.hpp"
#include "line.hpp"
#include "manager.hpp"
#include "mpi_call.hpp"
#include "patchead/core/error.hpp"
#include "pulse.hpp"
#include "watchdog.hpp"

namespace patchead {
namespace {

using namespace std::chrono_literals;

/// Longest sleeps of the manager when nobody asks. Its own worker wakes it; for the requests of
/// other ranks it must look (every 200 us, all the time, took a tenth of a core).
constexpr std::chrono::microseconds kLookForRanks = 1ms;
constexpr std::chrono::microseconds kLookAtClock = 100ms;

/// Exit code of a job that is aborted because a rank is lost: unfinished, run it again.
constexpr int kExitUnfinished = 75;

/// Runs one task; whatever it throws makes it fail, and nothing else.
Request run_one(std::size_t task, const TaskCalls& calls) {
    const auto start = std::chrono::steady_clock::now();
    Request request;
    request.task = task;
    const auto fail = [&](Ended how, const char* reason) {
        request.ended = how;
        request.text = reason;
    };
    try {
        request.text = calls.execute(task);
        request.ended = Ended::done;
    } catch (const TaskBusy&) { fail(Ended::busy, ""); } catch (const TaskInterrupted&) {
        fail(Ended::interrupted, "");
    } catch (const DiskError& error) {
        fail(Ended::disk, error.what());
    } catch (const CacheError& error) {
        fail(Ended::may_pass, error.what());
    } catch (const UnreadableError& error) {
        fail(Ended::may_pass, error.what());
    } catch (const std::exception& error) { fail(Ended::failed, error.what()); } catch (...) {
        fail(Ended::failed, "an exception that is none of std's");
    }
    request.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return request;
}

/// `ask(Request)` gives the next task, or nothing when it is time to go home.
template <class Ask>
void work(const TaskCalls& calls, const Ask& ask) {
    Answer task = ask(Request{});
    while (task) { task = ask(run_one(*task, calls)); }
}

/// Where all ranks' requests come in. Lives on rank 0.
class Desk {
  public:
    Desk(Line& own, Channel* others) : own_(own), others_(others), nap_(fresh_nap()) {}

    /// A rank and its request; nothing if none came for a moment.
    [[nodiscard]] std::optional<std::pair<int, Request>> next() {
        auto asked = look(0us);
        if (!asked) { asked = look(nap_.next_length()); }
        if (asked) { nap_ = fresh_nap(); }
        return asked;
    }

    void answer(int rank, Answer answer) {
        rank == 0 ? own_.answer(answer) : others_->answer(rank, answer);
    }

    void announce_draining(int ranks) {
        if (others_ != nullptr) { others_->announce_draining(ranks); }
    }

    [[noreturn]] void abort(int code) {
        if (others_ != nullptr) { others_->abort(code); }
        std::_Exit(code);
    }

  private:
    [[nodiscard]] Nap fresh_nap() const {
        return Nap(others_ != nullptr ? kLookForRanks : kLookAtClock);
    }

    /// The own worker goes first: it could starve behind many others, they cannot behind one.
    [[nodiscard]] std::optional<std::pair<int, Request>> look(std::chrono::microseconds patience) {
        if (auto request = own_.listen(patience)) { return std::pair{0, std::move(*request)}; }
        return others_ != nullptr ? others_->poll() : std::nullopt;
    }

    Line& own_;
    Channel* others_;
    Nap nap_;
};

/// The manager at its desk: hands out tasks until all have ended or the run has drained, then sends
/// every rank home and waits for the last words of each. A rank for which nothing is ready stays
/// idle until something is.
class Service {
  public:
    Service(Manager& manager, Desk& desk, const TaskCalls& calls, const Watch& watch, int ranks)
        : manager_(manager),
          desk_(desk),
          calls_(calls),
          watchdog_(ranks, watch, Clock::now()),
          ranks_(ranks) {}

    void run(const std::stop_token& stop) {
        while (!(manager_.finished() && idle_.size() == static_cast<std::size_t>(ranks_))) {
            if (stop.stop_requested()) { return; }
            hear();
            manager_.tick();
            if (manager_.wants_to_drain() && !manager_.draining()) { drain(); }
            serve();
            watch();
        }
        for (const int rank : idle_) { desk_.answer(rank, std::nullopt); }
        while (left_ < ranks_ - 1) {
            hear();
            watch();
        }
    }

  private:
    using Clock = std::chrono::steady_clock;

    void hear() {
        auto said = desk_.next();
        if (!said) { return; }
        auto& [rank, request] = *said;
        watchdog_.heard(rank, Clock::now());
        if (request.leaves) { ++left_; }
        if (request.asks) {
            watchdog_.works_at(rank, std::nullopt, Clock::now());
            idle_.push_back(rank);
        }
        manager_.note(rank, std::move(request));
    }

    /// The rank that asked last goes first: what it has just ended is what made others ready.
    void serve() {
        for (auto at = idle_.size(); at-- > 0 && manager_.has_ready();) {
            const auto task = manager_.next(idle_[at]);
            // Nothing for this rank can still be something for another: a task that it failed at.
            if (!task) { continue; }
            desk_.answer(idle_[at], task);
            watchdog_.works_at(idle_[at], task, Clock::now());
            idle_.erase(idle_.begin() + static_cast<std::ptrdiff_t>(at));
        }
    }

    void drain() {
        manager_.drain();
        desk_.announce_draining(ranks_);
        if (calls_.draining) { calls_.draining(); }
    }

    void watch() {
        const auto lost = watchdog_.look(Clock::now());
        if (!lost) { return; }
        if (calls_.trouble) { calls_.trouble(*lost); }
        desk_.abort(kExitUnfinished);
    }

    Manager& manager_;
    Desk& desk_;
    const TaskCalls& calls_;
    Watchdog watchdog_;
    int ranks_;
    int left_ = 0;
    std::vector<int> idle_;
};

/// Rank 0's part: the manager in a thread beside the worker.
std::vector<TaskOutcome> manage_and_work(const std::vector<Task>& tasks, const TaskCalls& calls,
                                         const Watch& watch, Channel* others, int ranks) {
    Manager manager(tasks, calls, ranks);
    Line own;
    std::exception_ptr trouble;
    std::jthread thread([&](const std::stop_token& stop) {
        try {
            Desk desk(own, others);
            Service(manager, desk, calls, watch, ranks).run(stop);
        } catch (...) { trouble = std::current_exception(); }
        own.hang_up();
    });
    work(calls, [&](Request request) { return own.ask(std::move(request)); });
    thread.join();
    if (trouble) { std::rethrow_exception(trouble); }
    return manager.take_outcomes();
}

/// How often a rank says that it lives: often enough for a short patience, and so seldom that the
/// ranks together send at most some hundred messages a second.
double seconds_between_signs(const Watch& watch, int ranks) {
    return std::clamp(watch.silent_seconds / 10, 0.2, 5.0) + ranks / 500.0;
}

/// The part of any other rank.
void work_for(Channel& channel, const TaskCalls& calls, const Watch& watch, int ranks) {
    {
        const Pulse pulse(channel, calls, seconds_between_signs(watch, ranks));
        work(calls, [&](const Request& request) { return channel.ask(request); });
    }
    if (channel.await_notice() && calls.draining) { calls.draining(); }
    Request last;
    last.asks = false;
    last.leaves = true;
    channel.tell(last);
}

}  // namespace

std::vector<TaskOutcome> run_tasks(const Communicator& world, const std::vector<Task>& tasks,
                                   const TaskCalls& calls, const Watch& watch) {
    std::optional<Channel> channel;
    if (world.size() > 1) { channel.emplace(); }
    if (world.is_root()) {
        return manage_and_work(tasks, calls, watch, channel ? &*channel : nullptr, world.size());
    }
    work_for(*channel, calls, watch, world.size());
    return {};
}

}  // namespace patchead
