#pragma once

#include "patchead/cache/store.hpp"
#include "patchead/core/plain_tensor.hpp"
#include "patchead/pipeline/embed_texts.hpp"
#include "patchead/plan/sweep_plan.hpp"

/// \file
/// \brief Detectors on the tokens in the store. Private to the pipeline layer.

namespace patchead::inline pipeline_detail {

/// The model of a unit's references. Throws DataError that names detector and category if they are
/// of no use to it.
[[nodiscard]] NamedTensors fit_model(const Store& store, const SweepPlan& plan, const FitUnit& unit,
                                     const TextEmbedder& embedder);

/// Scores of the images that `unit` owns, from the model in the store or the batch alone.
/// Throws as `fit_model`.
[[nodiscard]] PatchScores detect_images(const Store& store, const SweepPlan& plan,
                                        const DetectUnit& unit, const TextEmbedder& embedder);

}  // namespace patchead::inline pipeline_detail
