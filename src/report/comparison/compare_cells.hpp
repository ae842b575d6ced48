#pragma once

#include <set>
#include <string>
#include <vector>

#include "patchead/report/comparison.hpp"
#include "tables/cells.hpp"

/// \file
/// \brief The difference of two cells. Private to the report layer.

namespace patchead::inline report_detail {

/// Runs of the same categories whose means are compared.
struct RunPair {
    const RunsBySeed& one;
    const RunsBySeed& other;
};

/// Means over `categories` and over the seeds that both have. There is no difference of means that
/// leave out different values.
[[nodiscard]] Comparison compare_cells(const RunPair& runs, const std::set<std::string>& categories,
                                       const std::string& metric, std::vector<std::string> labels,
                                       Spread spread);

/// Whether the difference is beyond 0.5 points and two standard deviations of it over the seeds
/// and, where test images were resampled, has p < 0.05. One seed without resamples makes nothing
/// sure.
[[nodiscard]] bool is_sure(const Comparison& comparison);

/// "The difference is <other> less <one>", and what interval and p are.
[[nodiscard]] std::vector<std::string> comparison_footnotes(
    const std::optional<BootstrapOptions>& options);

}  // namespace patchead::inline report_detail
