#pragma once

#include <map>
#include <string>
#include <vector>

#include "tables/cells.hpp"

/// \file
/// \brief How the runs behind a cell were made. Private to the report layer.

namespace patchead::inline report_detail {

/// What results know of how they were made, without what is about other backbones and data sets.
[[nodiscard]] std::map<std::string, std::string> provenance_of(const Results& results,
                                                               const std::vector<CellRuns>& runs);

/// The sweeps that make `runs` and hardly more, from the configs of the results: one for each
/// config that could have made them.
[[nodiscard]] std::vector<std::string> commands_of(const Results& results,
                                                   const std::vector<CellRuns>& runs);

}  // namespace patchead::inline report_detail
