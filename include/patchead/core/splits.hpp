#pragma once

#include <string_view>

#include "patchead/core/sample.hpp"

/// \file
/// \brief What the images of a split are for.
///
/// Prompts are drawn of the normal images of "train", and metrics are of "test". Images of any
/// split that has no name here are without labels: they are scored, and in no metric.

namespace patchead {

/// The split of normal images that are no prompts and in no metric: thresholds are made of them.
inline constexpr std::string_view kValidation = "validation";

/// Whether anybody says if an image is normal.
[[nodiscard]] inline bool has_label(const Sample& sample) {
    return sample.split == "train" || sample.split == "test" || sample.split == kValidation;
}

}  // namespace patchead
