#pragma once

#include <string>

#include "patchead/pipeline/sweep_inputs.hpp"
#include "patchead/plan/work_graph.hpp"

/// \file
/// \brief How fast this machine is at what a sweep does: a few of its steps, timed.

namespace patchead {

/// Of one rank with `resources`: each network at each size of `plan` for one batch, the reading of
/// a few images, an estimate of an alignment, matching and metrics on made-up numbers. Takes
/// seconds, with large networks a minute. The best of several tries, on one core by processor time,
/// so that others at work on the machine change little. Throws as the sweep itself would.
[[nodiscard]] CoreSpeed measure_speed(const std::vector<BackboneSource>& sources,
                                      const SweepPlan& plan, const Resources& resources);

/// The same without files: networks are taken to run at the speed of large matrix products.
[[nodiscard]] CoreSpeed measure_speed_without_files(const Resources& resources);

/// What was measured, in words, for logs.
[[nodiscard]] std::string speed_text(const CoreSpeed& speed, const SweepSpec& spec);

}  // namespace patchead
