#pragma once

#include <utility>

#include "pipeline/embed.hpp"

namespace patchead {

/// The features of `samples` as one block, squashed to `side_px`; patches of the network fill
/// `frame`.
inline FeatureBlock embedded(const Backbone& backbone, std::span<const Sample> samples, int side_px,
                             Grid frame, const Preprocessing& preprocessing,
                             std::size_t forward_batch) {
    FeatureBlock block;
    ImagesAtHand none(0);
    const InputShape shape{{side_px, side_px}, {1, 1}, side_px};
    embed_images(
        backbone, samples, none, {std::vector<InputShape>(samples.size(), shape), preprocessing, 2},
        {frame, forward_batch, {}}, [&](FeatureBlock part) { append(std::move(part), block); });
    return block;
}

}  // namespace patchead
