#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "patchead/results/results.hpp"
#include "tables/cells.hpp"

namespace patchead::inline report_detail {

/// Detectors of a table, each with the backbones that it has there.
using ShownDetectors = std::map<std::string, std::set<std::string>>;

/// Adds those of `runs`, but PatchEAD.
void add_shown(const DatasetRuns& runs, ShownDetectors& shown);

/// What was published with another network than the table has, what was ported otherwise, and what
/// was chosen by data set: a note of each detector that has something to say, as the results'
/// provenance has it.
[[nodiscard]] std::vector<std::string> detector_footnotes(const ShownDetectors& shown,
                                                          const Results& results);

}  // namespace patchead::inline report_detail
