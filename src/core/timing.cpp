#include "patchead/core/timing.hpp"

#include <algorithm>
#include <limits>

#include <time.h>  // NOLINT(modernize-deprecated-headers): POSIX's clocks.

namespace patchead {
namespace {

double seconds_on(clockid_t clock) {
    timespec time{};
    ::clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

}  // namespace

double best_seconds(Timed timed, int times, double enough_seconds,
                    const std::function<void()>& work) {
    const auto clock = timed == Timed::this_thread ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC;
    double best = std::numeric_limits<double>::infinity();
    double all = 0;
    for (int i = 0; i < times && all < enough_seconds; ++i) {
        const double start = seconds_on(clock);
        work();
        const double seconds = seconds_on(clock) - start;
        best = std::min(best, seconds);
        all += seconds;
    }
    return best;
}

}  // namespace patchead
