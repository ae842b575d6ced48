#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "images_at_hand.hpp"
#include "inputs_ahead.hpp"
#include "patchead/backbone/backbone.hpp"
#include "patchead/core/options.hpp"
#include "patchead/core/types.hpp"

/// \file
/// \brief Images through a network. Private to the pipeline layer.

namespace patchead::inline pipeline_detail {

/// What becomes of the features of a few images. May throw to give up.
using TakeFeatures = std::function<void(FeatureBlock part)>;

/// Gives `take` the features of `inputs`, square ones of `side_px`, one for each of `ids`; 1, 2, 4,
/// … up to `forward_batch` at a time, while other threads make the inputs of the next two times,
/// or of 8 images if these are more.
/// Throws DataError if a feature is not finite.
void embed_inputs(const Backbone& backbone, std::vector<std::string> ids, InputSource inputs,
                  int side_px, std::size_t forward_batch, const TakeFeatures& take);

/// How images become inputs.
struct InputOptions {
    int side_px = 0;
    Preprocessing preprocessing;
    int threads = 1;  ///< That read and resize.
};

/// The same for the images of `samples`. Throws DataError that names the image file at fault.
void embed_images(const Backbone& backbone, std::span<const Sample> samples, ImagesAtHand& images,
                  const InputOptions& how, std::size_t forward_batch, const TakeFeatures& take);

/// Adds the images of `part` to `whole`.
void append(FeatureBlock part, FeatureBlock& whole);

}  // namespace patchead::inline pipeline_detail
