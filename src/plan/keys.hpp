#pragma once

#include <vector>

#include "patchead/plan/sweep_plan.hpp"

/// \file
/// \brief What determines the content of each artifact. Private to the plan layer.

namespace patchead {

[[nodiscard]] ArtifactKey embed_key(const SweepSpec& spec, const EmbedUnit& unit);
[[nodiscard]] ArtifactKey match_key(const SweepSpec& spec, const MatchUnit& unit,
                                    const std::vector<EmbedUnit>& embeds);
[[nodiscard]] ArtifactKey evaluate_key(const SweepSpec& spec, const EvaluateUnit& unit,
                                       const std::vector<MatchUnit>& matches);

}  // namespace patchead
