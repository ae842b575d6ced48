#pragma once

#include <string>

#include "h5/h5.hpp"

/// \file
/// \brief A glance at the numbers of any data set. Private to the cache layer.

namespace patchead::h5 {

/// "min -1.5, mean 0.02, max 3, 7 not finite, of a sample of 65536"; the numbers themselves if
/// they are few. Reads at most 65536 elements, spread evenly over the data set.
[[nodiscard]] std::string number_summary(const DatasetId& data);

}  // namespace patchead::h5
