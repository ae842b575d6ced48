#pragma once

#include <cstddef>
#include <vector>

#include "few_shot_units.hpp"

/// \file
/// \brief Units that score images beside the test images. Private to the plan layer.

namespace patchead::inline plan_detail {

/// Units that score the images of `scope.category.unmeasured` as `point` scores its tests, one for
/// each split of them. `prompts`: the list of which the prompts of `point` are the first ones.
[[nodiscard]] std::vector<std::size_t> add_unmeasured(const Scope& scope, const EvaluateUnit& point,
                                                      const std::vector<std::size_t>& prompts,
                                                      UnitList& units);

}  // namespace patchead::inline plan_detail
