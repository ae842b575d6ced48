#pragma once

#include "patchead/plan/sweep_plan.hpp"

/// \file
/// \brief What determines the content of each artifact. Private to the plan layer.
///
/// Keys build on the keys of a unit's inputs, which must be in the plan already.

namespace patchead {

[[nodiscard]] ArtifactKey align_key(const SweepSpec& spec, const AlignUnit& unit);
[[nodiscard]] ArtifactKey embed_key(const SweepSpec& spec, const EmbedUnit& unit,
                                    const SweepPlan& plan);
[[nodiscard]] ArtifactKey match_key(const SweepSpec& spec, const MatchUnit& unit,
                                    const SweepPlan& plan);
[[nodiscard]] ArtifactKey evaluate_key(const SweepSpec& spec, const EvaluateUnit& unit,
                                       const SweepPlan& plan);

}  // namespace patchead
