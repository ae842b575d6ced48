#pragma once

#include <functional>
#include <iostream>
#include <optional>
#include <string>

#include "patchead/core/error.hpp"
#include "patchead/dist/communicator.hpp"
#include "patchead/report/results.hpp"
#include "run_state.hpp"
#include "sweep_inputs.hpp"

/// \file
/// \brief What `sweep` and `ablate` share: finding the inputs once, running a plan on all ranks.

namespace patchead {

/// Result of work that only rank 0 does. Every rank learns whether it succeeded; if not, rank 0 has
/// said why and all leave together, which ends the job without the noise of an abort.
template <class Work>
std::optional<std::string> on_root(const Communicator& world, const Work& work) {
    std::string message;
    if (world.is_root()) {
        try {
            message = "+" + work();
        } catch (const Error& error) {
            std::cerr << "patchead: " << error.what() << std::endl;
            message = "-";
        }
    }
    message = world.broadcast(message);
    if (message.starts_with('-')) { return std::nullopt; }
    return message.substr(1);
}

/// Inputs of a sweep on every rank; nothing if something is wrong, which rank 0 has said. Also sets
/// the threads of this process. Collective.
[[nodiscard]] std::optional<SweepInputs> prepare_sweep(const SweepOptions& options,
                                                       const Communicator& world);

/// Which artifacts of `plan` are in `store`; none, if that is null.
[[nodiscard]] StoreState state_of(const SweepPlan& plan, const Store* store);

/// What is left of a run; results and state are rank 0's only.
struct FinishedRun {
    Results results;
    RunState state;
    RunEnd end = RunEnd::whole;  ///< On every rank.
};

/// Whether a run may use networks and matrix products, or only what the store holds.
enum class Allowed { everything, reductions_only };

/// Computes whatever is missing of `plan`, which is that of `inputs`, on all ranks and collects the
/// results. With `reductions_only`, nothing on every rank if a match tensor or a feature block is
/// missing, which rank 0 has said. Collective.
[[nodiscard]] std::optional<FinishedRun> run_plan(const SweepOptions& options,
                                                  const SweepInputs& inputs, const SweepPlan& plan,
                                                  const Communicator& world, Allowed allowed);

/// Parses `line` on every rank, rank 0 first, and hands the options to `body` under MPI. With
/// `--help` prints the help and starts nothing. Returns the exit code.
int run_sweep_job(const SweepCommandLine& line,
                  const std::function<int(const SweepOptions&, const Communicator&)>& body);

}  // namespace patchead
