#pragma once

#include <cstddef>
#include <optional>

#include "few_shot_units.hpp"

/// \file
/// \brief Prompts against each other, for thresholds. Private to the plan layer.

namespace patchead::inline plan_detail {

/// Adds the unit that scores the prompts of `point`, each against the others, if thresholds are
/// wanted and it can be: not of a single prompt, nor with aligned copies, nor of a detector that
/// has the whole training set, which would be fitted once for each of it.
/// `matched`: of the prompts that the point takes the first ones of.
[[nodiscard]] std::optional<std::size_t> add_leave_out(const Scope& scope,
                                                       const EvaluateUnit& point,
                                                       FewShotUnits& matched, UnitList& units);

}  // namespace patchead::inline plan_detail
