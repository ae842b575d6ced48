#pragma once

#include <functional>
#include <span>

#include "patchead/backbone/backbone.hpp"
#include "patchead/core/options.hpp"
#include "patchead/core/types.hpp"

/// \file
/// \brief Images through a network. Private to the pipeline layer.

namespace patchead {

/// Features of `samples`, `forward_batch` images at a time; `safe_point`, called between them, may
/// throw. Throws DataError that names the image file at fault.
[[nodiscard]] FeatureBlock embed_images(
    const Backbone& backbone, std::span<const Sample> samples, int side_px,
    const Preprocessing& preprocessing, std::size_t forward_batch,
    const std::function<void()>& safe_point = [] {});

}  // namespace patchead
