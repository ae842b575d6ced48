#pragma once

#include <map>
#include <string>
#include <vector>

#include "patchead/report/rivals.hpp"
#include "tables/cells.hpp"

/// \file
/// \brief What stands below a table of rivals. Private to the report layer.

namespace patchead::inline report_detail {

using RivalDatasets = std::map<std::string, DatasetRuns>;

/// Of a table that is complete but for its footnotes.
[[nodiscard]] std::vector<std::string> rival_footnotes(const RivalTable& table,
                                                       const Results& results,
                                                       const RivalDatasets& datasets);

}  // namespace patchead::inline report_detail
