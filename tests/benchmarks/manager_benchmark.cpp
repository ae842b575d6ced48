#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "patchead/ranks/run_tasks.hpp"

/// \file
/// \brief How fast the manager hands out tasks: `mpirun -n RANKS manager_benchmark [TASKS]`.
///
/// Prints tasks a second with empty tasks, and the mean time that a rank waits for its next task
/// when each takes 20 ms. A plain program, since all ranks take part.

namespace {

using namespace patchead;
using Clock = std::chrono::steady_clock;

/// Seconds of a run of `count` tasks that each sleep.
double run(const Communicator& world, std::size_t count, std::chrono::milliseconds sleep) {
    TaskCalls calls;
    calls.execute = [&](std::size_t) {
        if (sleep.count() > 0) { std::this_thread::sleep_for(sleep); }
        return std::string();
    };
    const std::vector<Task> tasks(count, Task{1, {}});
    world.barrier();
    const auto start = Clock::now();
    double busy = 0;
    for (const auto& outcome : run_tasks(world, tasks, calls)) { busy += outcome.seconds; }
    const auto seconds = std::chrono::duration<double>(Clock::now() - start).count();
    if (world.is_root() && sleep.count() > 0) {
        const double waited = seconds * world.size() - busy;
        std::printf("waiting: %.2f ms a task of %.1f ms\n",
                    1e3 * waited / static_cast<double>(count),
                    1e3 * busy / static_cast<double>(count));
    }
    return seconds;
}

}  // namespace

int main(int argc, char** argv) {
    return run_job(argc, argv, {}, [&](const Communicator& world) {
        const std::size_t count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 20'000;
        const double seconds = run(world, count, std::chrono::milliseconds(0));
        if (world.is_root()) {
            std::printf("%d ranks: %.0f empty tasks a second\n", world.size(),
                        static_cast<double>(count) / seconds);
        }
        run(world, 50 * static_cast<std::size_t>(world.size()), std::chrono::milliseconds(20));
        return 0;
    });
}
