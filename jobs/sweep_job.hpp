#pragma once

#include <functional>
#include <optional>

#include "options/sweep_options.hpp"
#include "patchead/engine/run_sweep.hpp"
#include "patchead/ranks/communicator.hpp"
#include "patchead/setup/sweep_inputs.hpp"

/// \file
/// \brief What `sweep` and `ablate` share: one parse, one look at the inputs, all ranks.

namespace patchead {

/// What was found for a sweep, on every rank; nothing if something is wrong, which rank 0 has said.
/// Also sets the threads of this process. Collective.
[[nodiscard]] std::optional<SweepFindings> find_on_all_ranks(const SweepOptions& options,
                                                             const Communicator& world);

/// Tells the user if the run has not come to its end; rank 0. Whether it was so.
bool print_unfinished(const FinishedRun& run);

/// Reads options; nothing if help was asked for, which is printed then. Throws ConfigError.
using ReadOptions = std::function<std::optional<SweepOptions>()>;
using SweepBody = std::function<int(const SweepOptions& options, const Communicator& world)>;

/// Calls `read` once on every rank, and `body` with what it gave; what is wrong with the options is
/// said by rank 0. A task of an array runs without MPI. Gives the exit code.
int run_sweep_job(const ReadOptions& read, const SweepBody& body);

}  // namespace patchead
