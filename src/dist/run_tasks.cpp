#include "patchead/dist/run_tasks.hpp"

#include <chrono>
#include <exception>
#include <optional>
#include <thread>
#include <utility>

#include "channel.hpp"
#include "line.hpp"
#include "manager.hpp"
#include "mpi_call.hpp"

namespace patchead {
namespace {

using namespace std::chrono_literals;

/// Longest sleeps of the manager when nobody asks. Its own worker wakes it; for the requests of
/// other ranks it must look (every 200 us, all the time, took a tenth of a core).
constexpr std::chrono::microseconds kLookForRanks = 1ms;
constexpr std::chrono::microseconds kLookAtClock = 100ms;

/// Runs one task; whatever it throws makes it fail, and nothing else.
Request run_one(std::size_t task, const TaskCalls& calls) {
    const auto start = std::chrono::steady_clock::now();
    Request request{task, false, 0, {}};
    try {
        request.text = calls.execute(task);
    } catch (const std::exception& error) {
        request.failed = true;
        request.text = error.what();
    } catch (...) {
        request.failed = true;
        request.text = "an exception that is none of std's";
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
    Desk(Line& own, const Channel* others) : own_(own), others_(others), nap_(fresh_nap()) {}

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
    const Channel* others_;
    Nap nap_;
};

/// Gives tasks to idle ranks while there are both.
///
/// The rank that asked last goes first: what it has just ended is what made others ready.
void serve(std::vector<int>& idle, Manager& manager, Desk& desk) {
    while (!idle.empty()) {
        const auto task = manager.next(idle.back());
        if (!task) { return; }
        desk.answer(idle.back(), task);
        idle.pop_back();
    }
}

/// Hands out tasks until all have ended, and then sends every rank home. A rank for which nothing
/// is ready stays idle until something is.
void manage(Manager& manager, Desk& desk, int ranks, const std::stop_token& stop) {
    std::vector<int> idle;
    while (!manager.finished() || idle.size() < static_cast<std::size_t>(ranks)) {
        if (stop.stop_requested()) { return; }
        if (auto asked = desk.next()) {
            manager.note(asked->first, std::move(asked->second));
            idle.push_back(asked->first);
            serve(idle, manager, desk);
        }
        manager.keep_showing();
    }
    for (const int rank : idle) { desk.answer(rank, std::nullopt); }
}

/// Rank 0's part: the manager in a thread beside the worker.
std::vector<TaskOutcome> manage_and_work(const std::vector<Task>& tasks, const TaskCalls& calls,
                                         const Channel* others, int ranks) {
    Manager manager(tasks, calls.progress, ranks);
    Line own;
    std::exception_ptr trouble;
    std::jthread thread([&](const std::stop_token& stop) {
        try {
            Desk desk(own, others);
            manage(manager, desk, ranks, stop);
        } catch (...) { trouble = std::current_exception(); }
        own.hang_up();
    });
    work(calls, [&](Request request) { return own.ask(std::move(request)); });
    thread.join();
    if (trouble) { std::rethrow_exception(trouble); }
    return manager.take_outcomes();
}

}  // namespace

std::vector<TaskOutcome> run_tasks(const Communicator& world, const std::vector<Task>& tasks,
                                   const TaskCalls& calls) {
    std::optional<Channel> channel;
    if (world.size() > 1) { channel.emplace(); }
    if (world.is_root()) {
        return manage_and_work(tasks, calls, channel ? &*channel : nullptr, world.size());
    }
    work(calls, [&](const Request& request) { return channel->ask(request); });
    return {};
}

}  // namespace patchead
