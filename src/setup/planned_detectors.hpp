#pragma once

#include <vector>

#include "patchead/pipeline/sweep_inputs.hpp"
#include "patchead/plan/planned_detector.hpp"
#include "patchead/setup/sweep_request.hpp"

/// \file
/// \brief Detectors as the plan knows them. Private to the setup layer.

namespace patchead::inline setup_detail {

/// Of every name of `request`, in that order.
/// Throws ConfigError for a detector, an option or a value that there is not, and for options of a
/// detector that is not in the sweep.
[[nodiscard]] std::vector<PlannedDetector> plan_detectors(const DetectorRequest& request);

/// What results say of them: titles, and what was ported otherwise than published.
void add_facts(const std::vector<PlannedDetector>& detectors, Provenance& facts);

}  // namespace patchead::inline setup_detail
