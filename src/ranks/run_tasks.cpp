#include "patchead/ranks/run_tasks.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include "channel.hpp"
#include "dispatcher.hpp"
#include "heartbeat.hpp"
#include "inbox.hpp"
#include "mailbox.hpp"
#include "manager.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"

namespace patchead {
namespace {

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
        request.text = naming_unreadable([&] { return calls.execute(task); });
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

/// `ask(Request)` gives the next task, or nothing when nothing is left to do.
template <class Ask>
void work(const TaskCalls& calls, const Ask& ask) {
    Answer task = ask(Request{});
    while (task) { task = ask(run_one(*task, calls)); }
}

/// Rank 0's part: the manager in a thread beside the worker.
std::vector<TaskOutcome> manage_and_work(const std::vector<Task>& tasks, const TaskCalls& calls,
                                         const Watch& watch, Channel* others,
                                         const std::vector<Lane>& lanes) {
    Manager manager(tasks, calls, lanes);
    const auto ranks = static_cast<int>(lanes.size());
    Mailbox own;
    std::exception_ptr trouble;
    std::jthread thread([&](const std::stop_token& stop) {
        try {
            Inbox inbox(own, others);
            Dispatcher(manager, inbox, calls, watch, ranks).run(stop);
        } catch (...) { trouble = std::current_exception(); }
        own.close();
    });
    work(calls, [&](Request request) { return own.ask(std::move(request)); });
    thread.join();
    if (trouble) { std::rethrow_exception(trouble); }
    return manager.take_outcomes();
}

/// Those of all ranks, on rank 0.
std::vector<Lane> gather_lanes(const Communicator& world, Lane own) {
    const auto texts = world.gather(std::to_string(static_cast<int>(own)));
    std::vector<Lane> lanes;
    lanes.reserve(texts.size());
    for (const auto& text : texts) { lanes.push_back(static_cast<Lane>(std::stoi(text))); }
    return lanes;
}

/// How often a rank says that it lives: often enough for a short patience, and so seldom that the
/// ranks together send at most some hundred messages a second.
double seconds_between_signs(const Watch& watch, int ranks) {
    return std::clamp(watch.silent_seconds / 10, 0.2, 5.0) + ranks / 500.0;
}

/// The part of any other rank.
void work_for(Channel& channel, const TaskCalls& calls, const Watch& watch, int ranks) {
    {
        const Heartbeat heartbeat(channel, calls, seconds_between_signs(watch, ranks));
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
                                   const TaskCalls& calls, const Watch& watch, Lane lane) {
    const auto lanes = gather_lanes(world, lane);
    std::optional<Channel> channel;
    if (world.size() > 1) { channel.emplace(); }
    if (world.is_root()) {
        return manage_and_work(tasks, calls, watch, channel ? &*channel : nullptr, lanes);
    }
    work_for(*channel, calls, watch, world.size());
    return {};
}

}  // namespace patchead
