#include "patchead/dist/run_tasks.hpp"

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <deque>
#include <exception>
#include <optional>
#include <thread>

#include "mpi_call.hpp"

namespace patchead {
namespace {

using Clock = std::chrono::steady_clock;

/// What a worker tells the manager: how its last task ended, and that it wants another.
struct Ended {
    static constexpr std::int64_t kNothing = -1;
    std::int64_t task = kNothing;
    std::int64_t failed = 0;
    double started = 0;  ///< Seconds on the worker's own clock since it entered the run.
    double seconds = 0;
    std::string text;  ///< Report, or the reason of the failure.
};

constexpr std::int64_t kGoHome = -1;

double since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

Ended run_one(std::int64_t task, const TaskCalls& calls, Clock::time_point start) {
    Ended ended{task, 0, since(start), 0, {}};
    try {
        ended.text = calls.execute(static_cast<std::size_t>(task));
    } catch (const std::exception& error) {
        ended.failed = 1;
        ended.text = error.what();
    }
    ended.seconds = since(start) - ended.started;
    return ended;
}

/// The manager's books: queue, outcomes, progress. Knows no messages.
class Manager {
  public:
    Manager(const std::vector<Task>& tasks, const TaskCalls& calls, int ranks)
        : tasks_(tasks), calls_(calls), queue_(tasks), outcomes_(tasks.size()) {
        progress_.total = tasks.size();
        progress_.ranks = ranks;
        for (const auto& task : tasks) { progress_.cost_total += task.cost; }
    }

    void take_in(Ended ended, int rank) {
        if (ended.task == Ended::kNothing) { return; }
        const auto task = static_cast<std::size_t>(ended.task);
        --progress_.running;
        progress_.cost_done += tasks_[task].cost;
        auto& outcome = outcomes_[task];
        outcome.rank = rank;
        outcome.started = ended.started;
        outcome.seconds = ended.seconds;
        if (ended.failed != 0) {
            queue_.fail(task, std::move(ended.text));
            ++progress_.failed;
            skipped_is_stale_ = true;
        } else {
            outcome.report = std::move(ended.text);
            queue_.finish(task, rank);
            ++progress_.done;
        }
        outcome.state = queue_.state(task);
        outcome.reason = queue_.reason(task);
        progress_.latest_task = task;
        show(&outcome);
    }

    std::optional<std::size_t> next(int rank) {
        const auto task = queue_.next(rank);
        if (task) { ++progress_.running; }
        return task;
    }

    void show_regularly() {
        if (since(shown_) > 0.5) { show(nullptr); }
    }

    [[nodiscard]] bool finished() const { return queue_.finished(); }

    std::vector<TaskOutcome> outcomes() {
        for (std::size_t task = 0; task < outcomes_.size(); ++task) {
            outcomes_[task].state = queue_.state(task);
            outcomes_[task].reason = queue_.reason(task);
        }
        return std::move(outcomes_);
    }

  private:
    void show(const TaskOutcome* latest) {
        if (skipped_is_stale_) { progress_.skipped = queue_.count(TaskState::skipped); }
        skipped_is_stale_ = false;
        progress_.seconds = since(start_);
        progress_.latest = latest;
        shown_ = Clock::now();
        if (calls_.progress) { calls_.progress(progress_); }
    }

    const std::vector<Task>& tasks_;
    const TaskCalls& calls_;
    TaskQueue queue_;
    std::vector<TaskOutcome> outcomes_;
    Progress progress_;
    bool skipped_is_stale_ = false;
    Clock::time_point start_ = Clock::now();
    Clock::time_point shown_ = start_;
};

// --- messages -----------------------------------------------------------------------------------

/// Tags on a communicator of our own, so that nobody else's messages are met.
enum Tag { kEnded = 1, kTask = 2 };

/// A duplicate of the world for one run.
class Channel {
  public:
    Channel() { check(MPI_Comm_dup(MPI_COMM_WORLD, &comm_), "MPI_Comm_dup"); }
    ~Channel() { MPI_Comm_free(&comm_); }
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    /// The size of a message with `tag` from anybody, and from whom; nothing if there is none.
    bool probe(int source, Tag tag, MPI_Status& status) const {
        int there = 0;
        check(MPI_Iprobe(source, tag, comm_, &there, &status), "MPI_Iprobe");
        return there != 0;
    }

    void send(const std::string& message, int to, Tag tag) const {
        MPI_Request request = MPI_REQUEST_NULL;
        check(
            MPI_Isend(message.data(), to_count(message.size()), MPI_BYTE, to, tag, comm_, &request),
            "MPI_Isend");
        wait(request);
    }

    /// Receives the message that `probe` found.
    std::string receive(const MPI_Status& status) const {
        int size = 0;
        check(MPI_Get_count(&status, MPI_BYTE, &size), "MPI_Get_count");
        std::string message(static_cast<std::size_t>(size), '\0');
        check(MPI_Recv(message.data(), size, MPI_BYTE, status.MPI_SOURCE, status.MPI_TAG, comm_,
                       MPI_STATUS_IGNORE),
              "MPI_Recv");
        return message;
    }

  private:
    MPI_Comm comm_ = MPI_COMM_NULL;
};

/// The numbers of an `Ended`, then its text.
struct EndedHeader {
    std::int64_t task;
    std::int64_t failed;
    double started;
    double seconds;
};

std::string pack(const Ended& ended) {
    const EndedHeader header{ended.task, ended.failed, ended.started, ended.seconds};
    std::string message(sizeof header, '\0');
    std::memcpy(message.data(), &header, sizeof header);
    return message + ended.text;
}

Ended unpack(const std::string& message) {
    EndedHeader header{};
    std::memcpy(&header, message.data(), sizeof header);
    return {header.task, header.failed, header.started, header.seconds,
            message.substr(sizeof header)};
}

std::string pack(std::int64_t task) {
    std::string message(sizeof task, '\0');
    std::memcpy(message.data(), &task, sizeof task);
    return message;
}

/// Hands out tasks until all are ended and every rank has been sent home.
void manage(const Channel& channel, Manager& manager, int ranks) {
    std::deque<int> idle;
    const auto serve_idle = [&] {
        while (!idle.empty()) {
            const auto task = manager.next(idle.front());
            if (!task) { return; }
            channel.send(pack(static_cast<std::int64_t>(*task)), idle.front(), kTask);
            idle.pop_front();
        }
    };
    while (!manager.finished() || idle.size() < static_cast<std::size_t>(ranks)) {
        MPI_Status status{};
        if (!channel.probe(MPI_ANY_SOURCE, kEnded, status)) {
            manager.show_regularly();
            nap();
            continue;
        }
        const int rank = status.MPI_SOURCE;
        manager.take_in(unpack(channel.receive(status)), rank);
        idle.push_back(rank);
        serve_idle();
    }
    for (const int rank : idle) { channel.send(pack(kGoHome), rank, kTask); }
}

std::int64_t wait_for_task(const Channel& channel) {
    MPI_Status status{};
    while (!channel.probe(0, kTask, status)) { nap(); }
    const auto message = channel.receive(status);
    std::int64_t task = kGoHome;
    std::memcpy(&task, message.data(), sizeof task);
    return task;
}

void work(const Channel& channel, const TaskCalls& calls) {
    const auto start = Clock::now();
    Ended ended;
    for (;;) {
        channel.send(pack(ended), 0, kEnded);
        const auto task = wait_for_task(channel);
        if (task == kGoHome) { return; }
        ended = run_one(task, calls, start);
    }
}

std::vector<TaskOutcome> run_alone(const std::vector<Task>& tasks, const TaskCalls& calls) {
    Manager manager(tasks, calls, 1);
    const auto start = Clock::now();
    while (const auto task = manager.next(0)) {
        manager.take_in(run_one(static_cast<std::int64_t>(*task), calls, start), 0);
    }
    return manager.outcomes();
}

}  // namespace

std::vector<TaskOutcome> run_tasks(const Communicator& world, const std::vector<Task>& tasks,
                                   const TaskCalls& calls) {
    if (!world.has_mpi()) { return run_alone(tasks, calls); }
    const Channel channel;
    if (!world.is_root()) {
        work(channel, calls);
        return {};
    }
    Manager manager(tasks, calls, world.size());
    std::thread thread([&] {
        try {
            manage(channel, manager, world.size());
        } catch (const std::exception& error) {
            // Every rank, this one too, now waits for an answer that nobody will give.
            std::fprintf(stderr, "patchead: the manager failed: %s\n", error.what());
            std::fflush(nullptr);
            MPI_Abort(MPI_COMM_WORLD, 70);
        }
    });
    work(channel, calls);
    thread.join();
    return manager.outcomes();
}

}  // namespace patchead
