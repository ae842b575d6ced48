#pragma once

#include <span>
#include <vector>

#include "patchead/pipeline/worker.hpp"
#include "scores.hpp"

/// \file
/// \brief Anomaly maps for the eye. Private to the pipeline layer.

namespace patchead {

/// The pictures that `unit` asks for, from the scores of all its test images and their maps.
[[nodiscard]] std::vector<AnomalyPicture> draw_pictures(std::span<const Sample> samples,
                                                        const EvaluateUnit& unit,
                                                        const PatchScores& scores,
                                                        AnomalyMaps& maps);

}  // namespace patchead
