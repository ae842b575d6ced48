#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "patchead/core/point_cost.hpp"
#include "patchead/report/tables.hpp"
#include "patchead/results/results.hpp"

/// \file
/// \brief What a query costs, beside how well it is told: of results of several detectors.

namespace patchead {

/// Rows as those of `summary_<dataset>`.
struct CostTable {
    std::string name;  ///< "costs_<dataset>": file stem.
    std::string caption;
    std::vector<std::string> row_columns;
    struct Row {
        std::vector<std::string> labels;
        PointCost cost;  ///< The mean over categories and seeds.
        Cell cell;       ///< Of `kResampledMetric`.
        /// No row with as many shots has less FLOP and as high a mean, or a higher one and as few;
        /// of rows that were not tuned on the test data.
        bool front = false;
    };
    std::vector<Row> rows;
    std::vector<std::string> footnotes;
};

/// Of each data set that has points that say what they cost.
[[nodiscard]] std::vector<CostTable> make_cost_tables(const Results& results,
                                                      Spread spread = Spread::population);

/// GFLOP and MB (1e9, 1e6), the metric in percent.
[[nodiscard]] std::string to_markdown(const CostTable& table);
/// FLOP, bytes and fractions in full precision.
[[nodiscard]] std::string to_csv(const CostTable& table);
[[nodiscard]] std::string to_json(const CostTable& table);

/// `costs.csv` and `tables/costs_<dataset>` as .md, .csv and .json in `folder`, if any point says
/// what it costs.
void write_costs(const std::filesystem::path& folder, const Results& results,
                 Spread spread = Spread::population);

}  // namespace patchead
