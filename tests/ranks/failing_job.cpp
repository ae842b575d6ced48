/// \file
/// \brief A job that goes wrong in the way its argument names; failures_test.py watches it.

#include <chrono>
#include <csignal>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <thread>

#include "patchead/core/error.hpp"
#include "patchead/ranks/on_root.hpp"
#include "patchead/ranks/run_tasks.hpp"

namespace {

using patchead::Communicator;

constexpr int kUnfinished = 75;
constexpr patchead::FailureCodes kFailureCodes{.error = 1, .internal = 70};

/// Only one rank throws; the others wait for it in a collective, and would wait for ever.
void fail_on(int rank, const Communicator& world, const std::string& way) {
    if (world.rank() == rank && way == "error") { throw patchead::DataError("a.png is torn"); }
    if (world.rank() == rank && way == "internal") { throw std::out_of_range("beyond the end"); }
    if (world.rank() == rank && way == "foreign") { throw 42; }
    world.barrier();
}

/// The others wait for what rank 0 finds.
void fail_in_work_of_root(const Communicator& world) {
    const auto fail = [] { throw std::out_of_range("beyond the end"); };
    static_cast<void>(patchead::on_root(world, fail));
}

/// The manager's callback throws while all ranks wait for tasks.
void fail_in_manager(const Communicator& world) {
    const patchead::TaskCalls calls{
        [](std::size_t) { return std::string(); },
        [](const patchead::Progress&) { throw patchead::CacheError("disk full"); }};
    static_cast<void>(run_tasks(world, std::vector<patchead::Task>(100), calls));
}

/// Says on rank 0 what the watchdog says.
patchead::TaskCalls watched_calls() {
    patchead::TaskCalls calls;
    calls.trouble = [](const patchead::Trouble& trouble) {
        const bool silent = trouble.kind == patchead::Trouble::Kind::silent;
        std::fprintf(stderr, "patchead: rank %d is %s\n", trouble.rank, silent ? "silent" : "slow");
    };
    return calls;
}

/// The last rank freezes as a whole, as on a lost node.
void fall_silent(const Communicator& world) {
    const patchead::Watch watch{.silent_seconds = 2, .exit_code = kUnfinished};
    auto calls = watched_calls();
    calls.execute = [&](std::size_t) {
        if (world.rank() == world.size() - 1) { std::raise(SIGSTOP); }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        return std::string();
    };
    static_cast<void>(run_tasks(world, std::vector<patchead::Task>(1000), calls, watch));
}

/// The last rank lives, but its task never ends, as on a hung network file system.
void get_stuck(const Communicator& world) {
    const patchead::Watch watch{.task_seconds = 2, .exit_code = kUnfinished};
    auto calls = watched_calls();
    calls.execute = [&](std::size_t) {
        const bool stuck = world.rank() == world.size() - 1;
        std::this_thread::sleep_for(std::chrono::milliseconds(stuck ? 100'000 : 20));
        return std::string();
    };
    static_cast<void>(run_tasks(world, std::vector<patchead::Task>(1000), calls, watch));
}

int body(const Communicator& world, const std::string& way) {
    if (way == "result") { return world.rank(); }
    if (way == "everywhere") { throw patchead::WeightsError("w.pth is torn"); }
    if (way == "root") { fail_in_work_of_root(world); }
    if (way == "manager") { fail_in_manager(world); }
    if (way == "silent") { fall_silent(world); }
    if (way == "stuck") { get_stuck(world); }
    fail_on(world.size() - 1, world, way);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string way = argc > 1 ? argv[1] : "";
    return patchead::run_job(argc, argv, kFailureCodes,
                             [&](const Communicator& world) { return body(world, way); });
}
