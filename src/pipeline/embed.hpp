#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "patchead/backbone/backbone.hpp"
#include "patchead/core/options.hpp"
#include "patchead/core/types.hpp"

/// \file
/// \brief Images through a network. Private to the pipeline layer.

namespace patchead {

/// What the network gets to see as row `row` of a block.
using InputSource = std::function<NetworkInput(std::size_t row)>;

/// Features of `inputs`, square ones of `side_px`, one for each of `ids`; `forward_batch` at a
/// time. Throws DataError if a feature is not finite.
[[nodiscard]] FeatureBlock embed_inputs(const Backbone& backbone, std::vector<std::string> ids,
                                        const InputSource& inputs, int side_px,
                                        std::size_t forward_batch);

/// Features of the images of `samples`; `safe_point`, called between batches, may throw.
/// Throws DataError that names the image file at fault.
[[nodiscard]] FeatureBlock embed_images(
    const Backbone& backbone, std::span<const Sample> samples, int side_px,
    const Preprocessing& preprocessing, std::size_t forward_batch,
    const std::function<void()>& safe_point = [] {});

}  // namespace patchead
