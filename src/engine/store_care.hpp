#pragma once

#include <functional>
#include <string>
#include <vector>

#include "patchead/cache/store.hpp"
#include "patchead/engine/engine_settings.hpp"
#include "patchead/plan/sweep_plan.hpp"
#include "patchead/ranks/run_tasks.hpp"

/// \file
/// \brief What a sweep does for its store before it begins. Private to the engine layer.

namespace patchead::inline engine_detail {

/// Rank 0: removes temporary files and claims of dead runs, and marks the features of the plan as
/// used. Others may be at work in the store. Throws CacheError.
void tidy(const EngineSettings& settings, const SweepPlan& plan, const Store& store);

/// `--verify`: reads every artifact of `plan` that is there, on all ranks, and quarantines
/// damaged ones. Returns on rank 0 what was found, a line each. `stop` ends it early. Collective.
[[nodiscard]] std::vector<std::string> verify_artifacts(const Communicator& world,
                                                        const SweepPlan& plan, const Store& store,
                                                        const std::function<bool()>& stop);

}  // namespace patchead::inline engine_detail
