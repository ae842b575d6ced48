#pragma once

#include <filesystem>
#include <vector>

#include "patchead/results/query_time.hpp"

/// \file
/// \brief `timings.json`: how long queries took, apart from results. A run adds what it timed.

namespace patchead {

/// Those of a sweep with this output folder, and of its array tasks; none if it left none.
/// Throws DataError that names the file if it cannot be used.
[[nodiscard]] std::vector<QueryTime> read_query_times(const std::filesystem::path& folder);

}  // namespace patchead
