#pragma once

#include <chrono>
#include <stop_token>
#include <vector>

#include "inbox.hpp"
#include "manager.hpp"
#include "patchead/ranks/run_tasks.hpp"
#include "watchdog.hpp"

/// \file
/// \brief Between the manager and the requests of the ranks. Private to the ranks layer.

namespace patchead::inline ranks_detail {

/// Hands out tasks until all have ended or the run has drained, then tells every rank that nothing
/// is left and waits for the last message of each. A rank for which nothing is ready stays idle
/// until something is.
class Dispatcher {
  public:
    /// `manager`, `inbox` and `calls` must outlive it.
    Dispatcher(Manager& manager, Inbox& inbox, const TaskCalls& calls, const Watch& watch,
               int ranks);

    /// Returns when all ranks have left, or at once when `stop` is requested. Throws what the calls
    /// throw, and MpiError.
    void run(const std::stop_token& stop);

  private:
    using Clock = std::chrono::steady_clock;

    void hear();
    void serve();
    void drain();
    void watch();

    Manager& manager_;
    Inbox& inbox_;
    const TaskCalls& calls_;
    Watchdog watchdog_;
    int lost_rank_code_;
    int ranks_;
    int left_ = 0;           ///< Ranks that have said their last.
    std::vector<int> idle_;  ///< Served from the back.
};

}  // namespace patchead::inline ranks_detail
