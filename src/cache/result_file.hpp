#pragma once

#include "h5/h5.hpp"
#include "patchead/cache/store.hpp"

/// \file
/// \brief What lies in the artifact of a result, and what any artifact says of how it was made.
/// Private to the cache layer; Failure as in h5.hpp.

namespace patchead::inline cache_detail {

/// Empty if the file has none that could be read.
[[nodiscard]] Provenance provenance_in(hid_t root);

void write_result(hid_t root, const PointResult& result);
[[nodiscard]] PointResult parse_result(hid_t root);

}  // namespace patchead::inline cache_detail
