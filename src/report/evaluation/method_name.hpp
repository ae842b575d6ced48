#pragma once

#include <string>
#include <vector>

#include "tables/cells.hpp"

/// \file
/// \brief Methods in few words. Private to the report layer.

namespace patchead::inline report_detail {

/// Data sets, each with its runs.
using RunsByDataset = std::map<std::string, DatasetRuns>;

/// "padim, 1-shot", "patchead align+mask, batch zero-shot"; with the network where several are
/// among the methods: "padim, 1-shot, mae_vitb16 224 px".
[[nodiscard]] std::string method_name(const Configuration& method, bool with_network);

/// Whether the runs are of several backbones or sizes.
[[nodiscard]] bool has_networks(const RunsByDataset& runs);

/// The mean over data sets (each the mean over its categories) of a metric of a method; nothing if
/// one of them has none.
[[nodiscard]] Cell mean_over_datasets(const RunsByDataset& runs,
                                      const std::vector<std::string>& datasets,
                                      const Configuration& method, const std::string& metric,
                                      Spread spread);

}  // namespace patchead::inline report_detail
