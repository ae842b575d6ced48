#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>

/// \file
/// \brief What a worker and the manager say to each other, and the line between two threads of
/// rank 0. Private to the dist layer.

namespace patchead {

/// A worker asks for a task and says how its last one ended.
struct Request {
    std::optional<std::size_t> ended;  ///< Nothing at the first request.
    bool failed = false;
    double seconds = 0;
    std::string text;  ///< Its report, or the reason of the failure.
};

/// The next task; nothing: all is done, go home.
using Answer = std::optional<std::size_t>;

/// Between the worker and the manager of rank 0. No MPI, so a run without MPI takes the same way.
class Line {
  public:
    /// Worker: waits for the answer; "go home" if the manager has hung up.
    [[nodiscard]] Answer ask(Request request);

    /// Manager: the worker's request if it comes within `patience`.
    [[nodiscard]] std::optional<Request> listen(std::chrono::microseconds patience);
    void answer(Answer answer);
    /// Manager: sends the worker home, now or when it asks next.
    void hang_up();

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<Request> request_;
    std::optional<Answer> answer_;
    bool hung_up_ = false;
};

}  // namespace patchead
