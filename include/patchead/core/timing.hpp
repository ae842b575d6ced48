#pragma once

#include <functional>

/// \file
/// \brief How long something takes on this machine, also while others are at work on it.

namespace patchead {

/// Who does the work that is timed.
enum class Timed {
    this_thread,    ///< The calling thread alone: by its processor time, which load changes little.
    other_threads,  ///< Threads of its own or a GPU, too: by the clock.
};

/// Seconds of `work`: the best of up to `times` tries, which end early when they have taken
/// `enough_seconds` together.
[[nodiscard]] double best_seconds(Timed timed, int times, double enough_seconds,
                                  const std::function<void()>& work);

/// A rate; 0 where no time has passed.
[[nodiscard]] constexpr double per_second(double work, double seconds) {
    return seconds > 0 ? work / seconds : 0;
}

}  // namespace patchead
