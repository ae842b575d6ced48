#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "patchead/cache/model_file.hpp"
#include "patchead/outputs/photo_block.hpp"
#include "patchead/pipeline/photo_scorer.hpp"
#include "patchead/results/photo_scores.hpp"

/// \file
/// \brief From what was fitted to a model file, and back.

namespace patchead {

/// Whether scores of photos are made from the photos' own pixels again: copies are aligned with
/// each query, or the grid depends on the sizes of queries.
[[nodiscard]] bool needs_photos(const SweepSpec& spec);

/// The model of the prompts of `inputs`, whose texts and digests it holds beside `facts`.
[[nodiscard]] ModelFile fitted_model(const SweepInputs& inputs, const FittedPhotos& fitted,
                                     const std::map<std::string, std::string>& facts);

/// What of `model` scores are judged and shown by; `word` as --threshold has it, empty: that of the
/// model.
void use_scale(const ModelFile& model, const std::string& word, PhotoOutputs& outputs);

}  // namespace patchead
