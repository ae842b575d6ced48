#pragma once

#include <span>
#include <vector>

#include "patchead/core/options.hpp"
#include "patchead/core/types.hpp"
#include "patchead/plan/sweep_plan.hpp"

/// \file
/// \brief Estimates of where images lie in each other. Private to the pipeline layer.

namespace patchead::inline pipeline_detail {

/// One alignment for each pair; that of an image with itself is the identity, not accepted.
/// An image that several neighbouring pairs share is decoded once.
/// Throws DataError that names the image file at fault.
[[nodiscard]] std::vector<Alignment> align_pairs(std::span<const Sample> samples,
                                                 std::span<const AlignPair> pairs,
                                                 const AlignOptions& options);

}  // namespace patchead::inline pipeline_detail
