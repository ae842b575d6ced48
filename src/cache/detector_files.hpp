#pragma once

#include "h5/h5.hpp"
#include "patchead/core/plain_tensor.hpp"
#include "patchead/core/types.hpp"

/// \file
/// \brief What detectors leave: models and scores, as data sets. Private to the cache layer.

namespace patchead::inline cache_detail {

/// An array a data set, in group "arrays".
void write_model(hid_t root, const NamedTensors& model);
/// Throws h5::Failure.
[[nodiscard]] NamedTensors parse_model(hid_t root);

/// Shapes alone. Throws h5::Failure.
[[nodiscard]] ArrayShapes parse_model_shapes(hid_t root);

/// But for the shapes, which follow from the images' sizes.
void write_scores(hid_t root, const PatchScores& scores);
/// Throws h5::Failure.
[[nodiscard]] PatchScores parse_scores(hid_t root);

/// Whether each array has axes and as many values as they say.
[[nodiscard]] bool is_whole(const NamedTensors& model);
/// Whether there are as many scores as ids and patches say.
[[nodiscard]] bool is_whole(const PatchScores& scores);

}  // namespace patchead::inline cache_detail
