#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "patchead/alignment/align.hpp"
#include "patchead/core/options.hpp"
#include "patchead/core/types.hpp"
#include "patchead/plan/sweep_plan.hpp"

/// \file
/// \brief Estimates of where images lie in each other. Private to the pipeline layer.

namespace patchead::inline pipeline_detail {

/// Landmarks of the images of one category, found once for all of its prompts.
class KeptLandmarks {
  public:
    /// `samples` must outlive it. Keeps those of `most` images.
    KeptLandmarks(std::span<const Sample> samples, AlignOptions options, std::size_t most)
        : samples_(samples), options_(options), most_(most) {}

    /// Forgets those of images that are in no pair.
    void keep_for(std::span<const AlignPair> pairs);

    /// Of the image of a sample: kept ones or, else, found now and kept if there is room. Units go
    /// over the images of a category in one order, so what came first stays.
    /// Throws DataError that names the image file at fault.
    [[nodiscard]] std::shared_ptr<const Landmarks> of(std::size_t sample);

    [[nodiscard]] const AlignOptions& options() const { return options_; }

  private:
    std::span<const Sample> samples_;
    AlignOptions options_;
    std::size_t most_;
    std::map<std::size_t, std::shared_ptr<const Landmarks>> kept_;  ///< By sample.
};

/// One alignment for each pair; that of an image with itself is the identity, not accepted.
/// An image that several neighbouring pairs share is looked at once, whatever `landmarks` keeps.
/// Throws DataError that names the image file at fault.
[[nodiscard]] std::vector<Alignment> align_pairs(std::span<const AlignPair> pairs,
                                                 KeptLandmarks& landmarks);

}  // namespace patchead::inline pipeline_detail
