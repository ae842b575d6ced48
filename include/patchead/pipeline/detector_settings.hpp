#pragma once

#include "patchead/detectors/detector.hpp"
#include "patchead/plan/planned_detector.hpp"

/// \file
/// \brief What a plan has to know of a detector of the registry.

namespace patchead {

/// The detector with the options that are `given` and the rest at their defaults.
/// Throws ConfigError for an option or a value that there is not.
[[nodiscard]] DetectorSettings settings_of(const DetectorInfo& info, const DetectorOptions& given);

}  // namespace patchead
