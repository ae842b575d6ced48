#pragma once

#include <functional>
#include <string>
#include <vector>

#include "patchead/cache/store.hpp"
#include "patchead/dist/run_tasks.hpp"
#include "patchead/plan/sweep_plan.hpp"
#include "sweep_options.hpp"

/// \file
/// \brief What a sweep does for its store before it begins.

namespace patchead {

/// Rank 0: removes temporary files and claims of dead runs, and marks the features of the plan as
/// used. Others may be at work in the store. Throws CacheError.
void tidy(const SweepOptions& options, const SweepPlan& plan, const Store& store);

/// `--verify`: reads every artifact of `plan` that is there, on all ranks, and sets damaged ones
/// aside. Returns on rank 0 what was found, one text each. `stop` ends it early. Collective.
[[nodiscard]] std::vector<std::string> verify_artifacts(const Communicator& world,
                                                        const SweepPlan& plan, const Store& store,
                                                        const std::function<bool()>& stop);

/// "damaged: FILE (REASON); set aside as NAME", if it is.
[[nodiscard]] std::string check_artifact(const std::filesystem::path& artifact);

}  // namespace patchead
