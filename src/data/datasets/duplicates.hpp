#pragma once

#include <span>
#include <string>
#include <vector>

#include "patchead/data/check.hpp"

/// \file
/// \brief Images that a data set has twice, byte by byte.

namespace patchead::inline data_detail {

/// Warnings, by category: test images that are training images too, and images that a split has
/// twice. `digests[n]` of the image files; "" where one could not be read. Parts of one image with
/// different rows are not the same.
[[nodiscard]] std::vector<Finding> find_duplicates(std::span<const Sample> samples,
                                                   std::span<const std::string> digests);

}  // namespace patchead::inline data_detail
