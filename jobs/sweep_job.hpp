#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "options/sweep_options.hpp"
#include "patchead/engine/run_sweep.hpp"
#include "patchead/ranks/communicator.hpp"
#include "patchead/setup/sweep_inputs.hpp"

/// \file
/// \brief What `sweep`, `ablate` and `conventions` share: one parse, one look at the inputs, all
/// ranks.

namespace patchead {

/// Calls `work` on rank 0. kExitDone or, of an Error that rank 0 has said, kExitDisk (nothing more
/// can be written) or kExitError; on every rank. Collective.
[[nodiscard]] int code_on_root(const Communicator& world, const std::function<void()>& work);

/// What was found for a sweep; nothing if something is wrong, which rank 0 has said.
struct SweepStart {
    std::optional<SweepFindings> findings;
    int code = 0;  ///< The exit code where there is nothing.
};

/// On every rank. Also sets the threads of this process. Collective.
[[nodiscard]] SweepStart find_on_all_ranks(const SweepOptions& options, const Communicator& world);

/// Tells the user if the run has not come to its end; rank 0. Whether it was so.
bool print_unfinished(const FinishedRun& run);

/// What several sweeps on the matches of one have taken.
struct ReductionWork {
    std::size_t sweeps = 0;
    std::uint64_t forwards = 0;  ///< 0, if all is well; so are
    std::uint64_t products = 0;  ///< matrix products.
    RunStatus status = RunStatus::finished;
    std::optional<int> ended{};  ///< The exit code, if a sweep did not come to its end.
};

/// "12 choices; 0 forwards, 0 matrix products done; results in DIR".
void print_work(const ReductionWork& work, const char* noun, const EngineSettings& settings);

using TakeResults = std::function<void(std::size_t request, const Results& results)>;

/// Runs `requests` one after the other on what the store holds; rank 0 gives the results of each to
/// `take`. What is missing in the store is said by rank 0. Collective.
[[nodiscard]] ReductionWork run_reductions(const SweepOptions& options,
                                           const SweepFindings& findings,
                                           std::span<const SweepRequest* const> requests,
                                           const Communicator& world, const TakeResults& take);

/// Reads options; nothing if help was asked for, which is printed then. Throws ConfigError.
using ReadOptions = std::function<std::optional<SweepOptions>()>;
using SweepBody = std::function<int(const SweepOptions& options, const Communicator& world)>;

/// Calls `read` once on every rank, and `body` with what it gave; what is wrong with the options is
/// said by rank 0. A task of an array runs without MPI. Gives the exit code.
int run_sweep_job(const ReadOptions& read, const SweepBody& body);

}  // namespace patchead
