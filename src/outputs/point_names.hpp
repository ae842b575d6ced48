#pragma once

#include <string>

#include "patchead/plan/sweep_plan.hpp"
#include "patchead/results/results.hpp"

/// \file
/// \brief Points as rows of the results and as names of files. Private to the outputs layer.

namespace patchead::inline outputs_detail {

/// What is asked for in a row of the results, without what was measured.
[[nodiscard]] ResultRow row_of(const SweepPlan& plan, const EvaluateUnit& unit);

/// "patchead_tiny_224px_4-shot_mask": a point as the name of a file or folder.
[[nodiscard]] std::string point_name(const SweepPlan& plan, const EvaluateUnit& unit);

/// The id of an image, "screw/test/scratch_neck/003", as the stem of a file name.
[[nodiscard]] std::string file_stem(std::string id);

}  // namespace patchead::inline outputs_detail
