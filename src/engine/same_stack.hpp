#pragma once

#include <string>
#include <vector>

#include "patchead/cache/store.hpp"
#include "patchead/engine/engine_settings.hpp"
#include "patchead/plan/sweep_plan.hpp"
#include "patchead/ranks/communicator.hpp"

/// \file
/// \brief `--same-stack`. Private to the engine layer.

namespace patchead::inline engine_detail {

/// Whether a run may begin: always, unless `settings.same_stack` is set and something is of another
/// numeric stack (core/numeric_stack.hpp) than `own` of this rank, which rank 0 then says.
/// Collective.
[[nodiscard]] bool is_same_stack(const EngineSettings& settings, const SweepPlan& plan,
                                 const Store& store, const Communicator& world,
                                 const std::string& own);

/// Throws ConfigError if the ranks have different stacks, or an artifact of the plan in the store
/// has another one behind it. Those that cannot be read do not count: who needs them says so.
void require_same_stack(const SweepPlan& plan, const Store& store,
                        const std::vector<std::string>& of_ranks);

}  // namespace patchead::inline engine_detail
