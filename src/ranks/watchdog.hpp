#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "patchead/ranks/run_tasks.hpp"

/// \file
/// \brief Notices ranks that are lost. Private to the ranks layer.

namespace patchead::inline ranks_detail {

/// Keeps, for each rank, when it was heard of and what it is at. Time is given to it.
class Watchdog {
  public:
    using Time = std::chrono::steady_clock::time_point;

    Watchdog(int ranks, const Watch& watch, Time now);

    void heard(int rank, Time now) { ranks_[static_cast<std::size_t>(rank)].heard = now; }
    /// `rank` has begun `task`; nothing: it has none.
    void works_at(int rank, std::optional<std::size_t> task, Time now);

    /// The first rank that is lost, if one is. Looks once a second. When the watchdog itself was
    /// asleep (a suspended machine), all ranks get a new start.
    [[nodiscard]] std::optional<Trouble> look(Time now);

  private:
    struct Rank {
        Time heard;
        Time began;
        std::optional<std::size_t> task;
    };
    void start_anew(Time now);

    Watch watch_;
    std::vector<Rank> ranks_;
    Time looked_;
};

}  // namespace patchead::inline ranks_detail
