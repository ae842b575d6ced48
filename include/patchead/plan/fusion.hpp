#pragma once

#include <string>
#include <vector>

#include "patchead/plan/sweep_plan.hpp"

/// \file
/// \brief What points that are made of several have in common with plain ones.

namespace patchead {

/// The points whose matches `unit` reads: itself, or those that it fuses, in their order.
[[nodiscard]] std::vector<const EvaluateUnit*> parts_of(const SweepPlan& plan,
                                                        const EvaluateUnit& unit);

/// What results call its backbone: "dinov2_vitb14", or "dinov2_vitb14+mae_vitb16-mean" of a point
/// that is fused over backbones.
[[nodiscard]] std::string backbone_text(const SweepPlan& plan, const EvaluateUnit& unit);

/// What results call the sizes of its inputs: "224+448-mean" of a point that is fused over sizes,
/// "224+448" if backbones that take different sizes are fused, empty if `side_px` says it all.
[[nodiscard]] std::string sizes_text(const SweepPlan& plan, const EvaluateUnit& unit);

}  // namespace patchead
