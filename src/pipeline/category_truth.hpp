#pragma once

#include "patchead/core/types.hpp"
#include "patchead/metrics/metrics.hpp"
#include "patchead/plan/sweep_plan.hpp"

/// \file
/// \brief The masks that points are measured against. Private to the pipeline layer.

namespace patchead::inline pipeline_detail {

/// The ground truth of the test images of `unit` at its evaluation size.
/// Throws DataError that names the image or mask file at fault.
[[nodiscard]] GroundTruth read_truth(const SweepSpec& spec, const EvaluateUnit& unit);

}  // namespace patchead::inline pipeline_detail
