#pragma once

#include <utility>

#include "pipeline/embed.hpp"

namespace patchead {

/// The features of `samples` as one block.
inline FeatureBlock embedded(const Backbone& backbone, std::span<const Sample> samples, int side_px,
                             const Preprocessing& preprocessing, std::size_t forward_batch) {
    FeatureBlock block;
    ImagesAtHand none(0);
    embed_images(backbone, samples, none, {side_px, preprocessing, 2}, forward_batch,
                 [&](FeatureBlock part) { append(std::move(part), block); });
    return block;
}

}  // namespace patchead
