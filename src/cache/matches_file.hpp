#pragma once

#include <string>

#include "h5/h5.hpp"
#include "patchead/core/types.hpp"

/// \file
/// \brief Match tensors in a file. Private to the cache layer.

namespace patchead::inline cache_detail {

/// Whether there are as many similarities as ids and grid ask for.
[[nodiscard]] bool fits_itself(const MatchTensor& matches);
/// "32 x 8 x 1024": queries, references, patches.
[[nodiscard]] std::string shape_text(const MatchTensor& matches);

void write_matches(hid_t root, const MatchTensor& matches);
/// Throws h5::Failure.
[[nodiscard]] MatchTensor parse_matches(hid_t root);

}  // namespace patchead::inline cache_detail
