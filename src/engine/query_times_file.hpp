#pragma once

#include <filesystem>
#include <vector>

#include "patchead/results/query_time.hpp"

/// \file
/// \brief The file of query times. Private to the engine layer.

namespace patchead::inline engine_detail {

/// Writes `measured` in the place of what the file says of the same points; the rest stays. A time
/// of the network that was not measured now (NaN) stays, too, if it is of the same machine.
/// A file that cannot be read is written anew. Throws CacheError.
void add_query_times(const std::filesystem::path& file, std::vector<QueryTime> measured);

}  // namespace patchead::inline engine_detail
