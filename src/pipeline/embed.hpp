#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "inputs_ahead.hpp"
#include "patchead/backbone/backbone.hpp"
#include "patchead/core/options.hpp"
#include "patchead/core/types.hpp"

/// \file
/// \brief Images through a network. Private to the pipeline layer.

namespace patchead {

/// Features of `inputs`, square ones of `side_px`, one for each of `ids`; 1, 2, 4, … up to
/// `forward_batch` at a time, while other threads make the inputs of the next two times.
/// `safe_point`, called between batches, may throw. Throws DataError if a feature is not finite.
[[nodiscard]] FeatureBlock embed_inputs(
    const Backbone& backbone, std::vector<std::string> ids, InputSource inputs, int side_px,
    std::size_t forward_batch, const std::function<void()>& safe_point = [] {});

/// Features of the images of `samples`, which `decode_threads` read and resize.
/// Throws DataError that names the image file at fault.
[[nodiscard]] FeatureBlock embed_images(
    const Backbone& backbone, std::span<const Sample> samples, int side_px,
    const Preprocessing& preprocessing, std::size_t forward_batch, int decode_threads = 1,
    const std::function<void()>& safe_point = [] {});

}  // namespace patchead
