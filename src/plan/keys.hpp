#pragma once

#include "patchead/plan/sweep_plan.hpp"

/// \file
/// \brief What determines the content of each artifact. Private to the plan layer.
///
/// Keys build on the keys of a unit's inputs, which must be in the plan already.

namespace patchead::inline plan_detail {

[[nodiscard]] ArtifactKey align_key(const SweepPlan& plan, const AlignUnit& unit);
[[nodiscard]] ArtifactKey embed_key(const SweepPlan& plan, const EmbedUnit& unit);
[[nodiscard]] ArtifactKey match_key(const SweepPlan& plan, const MatchUnit& unit);
[[nodiscard]] ArtifactKey fit_key(const SweepPlan& plan, const FitUnit& unit);
[[nodiscard]] ArtifactKey detect_key(const SweepPlan& plan, const DetectUnit& unit);
[[nodiscard]] ArtifactKey evaluate_key(const SweepPlan& plan, const EvaluateUnit& unit);

}  // namespace patchead::inline plan_detail
