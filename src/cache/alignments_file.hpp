#pragma once

#include <vector>

#include "h5/h5.hpp"
#include "patchead/core/types.hpp"

/// \file
/// \brief Alignments as data sets, one row a pair of images. Private to the cache layer.

namespace patchead::inline cache_detail {

void write_alignments(hid_t root, const std::vector<Alignment>& alignments);

/// Throws h5::Failure.
[[nodiscard]] std::vector<Alignment> parse_alignments(hid_t root);

}  // namespace patchead::inline cache_detail
