#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "patchead/report/threshold_rules.hpp"
#include "patchead/results/results.hpp"

/// \file
/// \brief What a threshold is worth that knows no anomaly, beside the best that there is.

namespace patchead {

/// Of one data set.
struct ThresholdTable {
    /// A threshold on the test images of one run. An image is reported if its score is above it.
    struct Draw {
        std::int64_t seed = 0;
        double threshold = 0;
        std::size_t scores = 0;  ///< That it is made of.
        std::size_t normal = 0;  ///< Test images.
        std::size_t anomalous = 0;
        std::size_t false_alarms = 0;
        std::size_t misses = 0;
        double f1 = 0;      ///< NaN if a label has no image.
        double f1_max = 0;  ///< Of the best threshold there is, which knows all labels: I-F1max.
    };
    /// Shares; NaN where a label has no image.
    struct Means {
        double false_alarms = 0;
        double misses = 0;
        double f1 = 0;
        double f1_max = 0;
    };
    struct Row {
        std::vector<std::string> labels;  ///< One for each of `row_columns`.
        std::string rule;
        Means means;              ///< Over the draws; of "Average" over the categories.
        std::vector<Draw> draws;  ///< By seed; none of "Average".
    };
    std::string name;  ///< "thresholds_<dataset>": file stem.
    std::string dataset;
    std::string caption;
    std::vector<std::string> row_columns;  ///< "category", and what summaries have.
    std::vector<Row> rows;                 ///< By category, as summaries have them, by rule.
    std::vector<std::string> footnotes;
};

/// A table for each data set; none without rules. Few-shot takes the scores of prompts that were
/// left out, batch zero-shot with robust rules all scores of its test images. Where there are no
/// scores to make a threshold of, a footnote says so.
/// Throws DataError if a point is there twice.
[[nodiscard]] std::vector<ThresholdTable> make_threshold_tables(
    const Results& results, const std::vector<ThresholdRule>& rules);

[[nodiscard]] std::string to_markdown(const ThresholdTable& table);
/// A line for each draw.
[[nodiscard]] std::string to_csv(const ThresholdTable& table);
[[nodiscard]] std::string to_json(const ThresholdTable& table);

/// Writes each table as .md, .csv and .json into `folder`, each file whole or not at all.
void write_threshold_tables(const std::filesystem::path& folder,
                            const std::vector<ThresholdTable>& tables);

}  // namespace patchead
