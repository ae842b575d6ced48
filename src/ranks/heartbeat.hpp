#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "channel.hpp"
#include "patchead/ranks/run_tasks.hpp"

/// \file
/// \brief The thread beside a worker on ranks other than 0: gives signs of life, passes signals on,
/// hears of draining. Private to the ranks layer.

namespace patchead::inline ranks_detail {

class Heartbeat {
  public:
    /// `calls` and `channel` must outlive it. Signs of life come every `seconds`.
    Heartbeat(Channel& channel, const TaskCalls& calls, double seconds);
    /// Ends the thread; everything it sent is under way then.
    ~Heartbeat() = default;

  private:
    void run(const std::stop_token& stop);
    /// Passes on what is new.
    void look();

    Channel& channel_;
    const TaskCalls& calls_;
    double seconds_;
    bool told_ = false;
    bool drains_ = false;
    std::mutex mutex_;
    std::condition_variable_any woken_;
    std::jthread thread_;  ///< The last member: it uses the others.
};

}  // namespace patchead::inline ranks_detail
