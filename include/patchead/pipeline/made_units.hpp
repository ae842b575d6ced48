#pragma once

#include "patchead/cache/store.hpp"
#include "patchead/plan/units.hpp"
#include "patchead/plan/work_graph.hpp"

/// \file
/// \brief Which units of a plan are done.

namespace patchead {

/// Whether the artifact of `unit`, which is of a kind that has one, is in `store`, and if it is a
/// result, with all metrics of the plan. More metrics do no harm: programs that know different
/// ones may share a store. True for an artifact that cannot be read: who needs it says so.
[[nodiscard]] bool is_made(const Store& store, const SweepPlan& plan, const UnitRef& unit);

/// Which artifacts of `plan` are in `store`; none, if that is null.
[[nodiscard]] StoreState state_of(const SweepPlan& plan, const Store* store);

}  // namespace patchead
