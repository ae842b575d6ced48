#pragma once

#include <span>
#include <vector>

#include "patchead/core/types.hpp"
#include "patchead/data/check.hpp"

/// \file
/// \brief Pictures under a data set's names that are not its images: heat maps, resized copies.

namespace patchead::inline data_detail {

/// Whether nearly all pixels have colours of the map "jet", and of several parts of it.
[[nodiscard]] bool has_colours_of_a_heat_map(const Image& image);

/// A warning for each category whose images do not have the published size.
[[nodiscard]] std::vector<Finding> find_resized(const DatasetInfo& info,
                                                std::span<const CategoryCheck> categories);

}  // namespace patchead::inline data_detail
