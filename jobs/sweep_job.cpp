#include "sweep_job.hpp"

#include <algorithm>
#include <iostream>
#include <iterator>
#include <utility>

#include "exit_codes.hpp"
#include "patchead/backbone/backbone.hpp"
#include "patchead/core/counted.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/user_text.hpp"
#include "patchead/data/image_library.hpp"
#include "patchead/ranks/on_root.hpp"
#include "patchead/setup/build_facts.hpp"

namespace patchead {
namespace {

SweepFindings find_all(const SweepOptions& options) {
    auto findings =
        find_inputs(options.request, options.settings.resources(), build_facts(mpi_version()));
    // What is wrong with the points is said here, once.
    auto plan = make_plan(make_inputs(findings, options.request).spec);
    std::ranges::move(plan.notes, std::back_inserter(findings.notes));
    for (const auto& note : findings.notes) { std::cerr << "note: " << printable(note) << "\n"; }
    return findings;
}

/// Every machine needs a rank for its device.
void print_ranks_left(int core_ranks, const Communicator& world) {
    const int fewest = -world.max(-world.local_size());
    if (!world.is_root() || core_ranks < fewest) { return; }
    std::cerr << "note: --core-ranks " << core_ranks << ": a machine has "
              << counted(static_cast<std::size_t>(fewest), "rank")
              << " (one at least takes networks and matching), so that it has " << fewest - 1
              << " of them\n";
}

/// Options, or what is wrong with them.
struct Reading {
    std::optional<SweepOptions> options;
    std::string trouble;
};

Reading read_once(const ReadOptions& read) {
    try {
        auto options = read();
        if (options) { options->settings.lost_rank_code = kExitUnfinished; }
        return {std::move(options), {}};
    } catch (const Error& error) { return {std::nullopt, error.what()}; }
}

}  // namespace

int code_on_root(const Communicator& world, const std::function<void()>& work) {
    const auto code = on_root(world, [&] {
        try {
            work();
            return kExitDone;
        } catch (const DiskError& error) {
            std::cerr << "patchead: " << printable(error.what()) << "\n";
            return kExitDisk;
        }
    });
    return code.value_or(kExitError);
}

SweepStart find_on_all_ranks(const SweepOptions& options, const Communicator& world) {
    set_compute_threads(options.settings.threads);
    set_image_threads(options.settings.threads);
    const int code = code_on_root(world, [&] {
        require_writable(options.settings.output);
        require_writable(options.settings.store);
    });
    if (code != kExitDone) { return {std::nullopt, code}; }
    auto found = on_root(world, [&] { return find_all(options); });
    if (!found) { return {std::nullopt, kExitError}; }
    print_ranks_left(options.settings.core_ranks, world);
    const bool has_device = own_lane(options.settings, world) != Lane::cores;
    for (auto& source : found->sources) {
        auto& device = source.options.device;
        device = has_device ? device_of_rank(device, world.local_rank()) : "cpu";
    }
    return {std::move(found), kExitDone};
}

bool print_unfinished(const FinishedRun& run) {
    const auto& state = run.state;
    if (run.status == RunStatus::drained) {
        std::cerr << "patchead: stopped as it was told to, with " << state.units_done << " of "
                  << counted(state.units_total, "unit")
                  << " done; run the same command again and it goes on there\n";
    }
    if (run.status == RunStatus::disk) {
        std::cerr
            << "patchead: " << state.failures.back()
            << ". What is in the store is whole: mend that (patchead store gc and --store-limit "
               "make room) and run the same command again\n";
    }
    return is_unfinished(run.status);
}

void print_work(const ReductionWork& work, const char* noun, const EngineSettings& settings) {
    std::cerr << counted(work.sweeps, noun) << "; " << counted(work.forwards, "forward") << ", "
              << work.products << " matrix products done; results in " << settings.output.string()
              << "\n";
}

ReductionWork run_reductions(const SweepOptions& options, const SweepFindings& findings,
                             std::span<const SweepRequest* const> requests,
                             const Communicator& world, const TakeResults& take) {
    ReductionWork work;
    for (const auto* request : requests) {
        const auto inputs = make_inputs(findings, *request);
        const auto run = run_plan(options.settings, inputs, make_plan(inputs.spec), world,
                                  Allowed::reductions_only);
        if (!run) {
            work.ended = kExitError;
            return work;
        }
        if (run->status != RunStatus::finished) { work.status = run->status; }
        if (world.is_root() ? print_unfinished(*run) : is_unfinished(run->status)) {
            work.ended = exit_code(run->status);
            return work;
        }
        work.forwards += run->state.forwards;
        work.products += run->state.products;
        if (world.is_root()) { take(work.sweeps, run->results); }
        ++work.sweeps;
    }
    return work;
}

int run_sweep_job(const ReadOptions& read, const SweepBody& body) {
    watch_stop_signals();
    const auto [options, trouble] = read_once(read);
    if (!options && trouble.empty()) { return kExitDone; }  // Help was printed.
    if (options && !options->settings.array_task.empty()) { return body(*options, {}); }
    return run_job(0, nullptr, kFailureCodes, [&](const Communicator& world) {
        const auto require_options = [&] { require<ConfigError>(trouble.empty(), trouble); };
        if (!on_root(world, require_options)) { return kExitError; }
        require_options();  // The files of --config may not be there on another machine.
        return body(*options, world);
    });
}

}  // namespace patchead
