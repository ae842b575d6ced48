#pragma once

#include <string>
#include <vector>

#include "patchead/results/results.hpp"
#include "tables/cells.hpp"

/// \file
/// \brief Which rows saw other test images than the one that they score. Private to the report
/// layer.

namespace patchead::inline report_detail {

/// Whether the score of an image at this point depends on other test images: in batch zero-shot,
/// unless the detector says that it scores each by itself, and where fused scores were calibrated
/// by those of all.
[[nodiscard]] bool is_transductive(const Configuration& point, const Results& results);

/// What a table with such rows says below them, and that labels chose who met whom where they did.
[[nodiscard]] std::vector<std::string> transductive_footnotes(const DatasetRuns& runs,
                                                              const Results& results);

}  // namespace patchead::inline report_detail
