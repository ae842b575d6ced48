#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>

/// \file
/// \brief What a worker and the manager say to each other, and how two threads of rank 0 exchange
/// it. Private to the ranks layer.

namespace patchead::inline ranks_detail {

/// How an attempt at a task ended.
enum class Ended {
    nothing,  ///< There was none.
    done,
    failed,       ///< For good.
    may_pass,     ///< The system failed at a file; another rank may succeed.
    disk,         ///< Nothing can be written any more: as for every other task.
    interrupted,  ///< Stopped at a safe point; undone.
    busy          ///< Somebody outside of this job is at it.
};

/// What a rank says to the manager.
struct Request {
    std::optional<std::size_t> task;  ///< The one that has ended.
    Ended ended = Ended::nothing;
    double seconds = 0;
    std::string text;     ///< Its report, or the reason of the failure.
    bool asks = true;     ///< Wants a task. False: a sign of life.
    bool stop = false;    ///< Has been told from outside to come to an end.
    bool leaves = false;  ///< The last message of a rank.
};

/// The next task; nothing: all is done, and the rank leaves.
using Answer = std::optional<std::size_t>;

/// Between the worker and the manager of rank 0. No MPI, so a run without MPI takes the same way.
class Mailbox {
  public:
    /// Worker: waits for the answer; nothing if the manager has closed.
    [[nodiscard]] Answer ask(Request request);

    /// Manager: the worker's request if it comes within `patience`.
    [[nodiscard]] std::optional<Request> listen(std::chrono::microseconds patience);
    void answer(Answer answer);
    /// Manager: answers nothing, now and whenever the worker asks.
    void close();

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<Request> request_;
    std::optional<Answer> answer_;
    bool closed_ = false;
};

}  // namespace patchead::inline ranks_detail
