#pragma once

#include "patchead/cache/store.hpp"
#include "patchead/core/point_cost.hpp"
#include "patchead/plan/sweep_plan.hpp"

/// \file
/// \brief What a query costs at each point of a plan. Formulas: docs/detectors.md.

namespace patchead {

/// The mean over the tests of `unit`; of a point made of several their sum. Shapes of detectors'
/// models come from `store`: without a model scoring and memory are not known.
[[nodiscard]] PointCost cost_of(const SweepPlan& plan, const EvaluateUnit& unit,
                                const Store& store);

}  // namespace patchead
