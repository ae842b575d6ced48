#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "forward.hpp"
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

/// Gives `take` the features of `inputs`, one for each of `ids`, in `how.frame`; those of 1, 2, 4,
/// … images at a time, up to `how.at_once` or the next one of another size, while other threads
/// make the inputs of the next two times, or of 8 images if these are more.
/// Throws DataError if a feature is not finite.
void embed_inputs(const Backbone& backbone, std::vector<std::string> ids, InputSource inputs,
                  const ForwardOptions& how, const TakeFeatures& take);

/// How images become inputs.
struct InputOptions {
    std::vector<InputShape> shapes;  ///< Of each image.
    Preprocessing preprocessing;
    int threads = 1;  ///< That read and resize.
};

/// The same for the images of `samples`. Throws DataError that names the image file at fault.
void embed_images(const Backbone& backbone, std::span<const Sample> samples, ImagesAtHand& images,
                  const InputOptions& inputs, const ForwardOptions& how, const TakeFeatures& take);

/// Adds the images of `part` to `whole`.
void append(FeatureBlock part, FeatureBlock& whole);

}  // namespace patchead::inline pipeline_detail
