#pragma once

#include <filesystem>
#include <optional>

#include "patchead/cache/store.hpp"
#include "patchead/engine/engine_settings.hpp"
#include "patchead/engine/run_state.hpp"
#include "patchead/pipeline/made_units.hpp"
#include "patchead/ranks/communicator.hpp"
#include "patchead/results/results.hpp"

/// \file
/// \brief Runs a plan on all ranks: what is missing in the store is made, then results are read.

namespace patchead {

/// What is left of a run; results and state are rank 0's only.
struct FinishedRun {
    Results results{};
    RunState state{};
    RunStatus status = RunStatus::finished;  ///< On every rank.
};

/// Whether a run may use networks and matrix products, or only what the store holds.
enum class Allowed { everything, reductions_only };

/// What the calling rank takes of a sweep.
[[nodiscard]] Lane own_lane(const EngineSettings& settings, const Communicator& world);

/// Computes whatever is missing of `plan`, which is that of `inputs`, on all ranks and collects the
/// results. Nothing on every rank if the run could not begin, which rank 0 has said: the store
/// cannot be written, or, with `reductions_only`, a match tensor or a feature block is missing.
/// Collective.
[[nodiscard]] std::optional<FinishedRun> run_plan(const EngineSettings& settings,
                                                  const SweepInputs& inputs, const SweepPlan& plan,
                                                  const Communicator& world, Allowed allowed);

/// `run.json` of these settings, or `run.<name>.json` of an array task.
[[nodiscard]] std::filesystem::path state_file(const EngineSettings& settings);

/// SIGTERM and SIGUSR1 do not end this process any more, but ask `run_plan` to come to an end and
/// to keep what it has; with `interrupt` SIGINT does so, too.
void watch_stop_signals(bool interrupt = false);

}  // namespace patchead
