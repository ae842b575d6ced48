#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "patchead/core/input_shape.hpp"
#include "patchead/plan/sweep_plan.hpp"

/// \file
/// \brief How the images of a plan go through networks, and in which frame their maps lie.
///
/// Unless images are squashed, the sizes of the samples that take part must be known.

namespace patchead {

/// Of a sample's image at a size through a backbone.
[[nodiscard]] InputShape shape_of(const SweepSpec& spec, std::size_t sample, std::size_t backbone,
                                  int side_px);

/// The same of the images at these places. Empty if images are squashed: all fill the grid then.
[[nodiscard]] std::vector<InputShape> shapes_of(const SweepPlan& plan,
                                                std::span<const ImageRef> images);

/// Where the scores of `unit` lie in the images that it owns: in patches of the first layer that
/// its detector sees. Empty as above.
[[nodiscard]] std::vector<InputShape> shapes_of_scores(const SweepPlan& plan,
                                                       const DetectUnit& unit);

/// The smallest grid that holds the patches of every image of the category of `sample` that takes
/// part (whose size is known).
[[nodiscard]] Grid frame_of(const SweepSpec& spec, std::size_t sample, std::size_t backbone,
                            int side_px);

/// The side of the largest square that goes through a network in one pass: the image size, or that
/// of a tile if this is smaller.
[[nodiscard]] int pass_side(const FeatureOptions& options, int side_px);

/// Of a sample's map in pictures: the evaluation size, or that of the input if it is native.
[[nodiscard]] MapSize picture_size(const SweepSpec& spec, const EvaluateUnit& unit,
                                   std::size_t sample);

}  // namespace patchead
