#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "patchead/metrics/bootstrap.hpp"
#include "patchead/report/tables.hpp"
#include "patchead/results/results.hpp"

/// \file
/// \brief Cells beside each other: two methods of one run, or two runs.

namespace patchead {

/// Two cells of tables and their difference.
struct Comparison {
    std::vector<std::string> labels;  ///< One for each of the table's `label_columns`.
    std::string metric;
    Cell one;
    Cell other;
    std::optional<double> difference;  ///< The other less the one.
    /// 95 %, of the difference, over the test images, which both have in common.
    std::optional<Interval> interval;
    std::optional<double> p;  ///< `significance` of the difference.
    std::string note;         ///< Why there is no difference, or no interval.
};

struct ComparisonTable {
    std::string name;  ///< File stem.
    std::string caption;
    std::string one_head;  ///< What "one" and "other" are called in its columns.
    std::string other_head;
    std::vector<std::string> label_columns;
    std::vector<Comparison> lines;
    std::vector<std::string> footnotes;
};

/// What others are compared with: the same point but for one label.
struct Baseline {
    std::string label;  ///< "backbone", "image_size", "shots", "modules" or "detector".
    std::string value;
};

/// "modules=none". Throws ConfigError for another label or a value that it cannot have.
[[nodiscard]] Baseline parse_baseline(const std::string& text);

/// For every data set that has both, `differences_<dataset>`: each configuration (the other) with
/// the one that has the baseline's label, in `kResampledMetric`, by category and on average.
/// `results` as `resample` gives them.
[[nodiscard]] std::vector<ComparisonTable> compare_with_baseline(const Results& results,
                                                                 const Baseline& baseline,
                                                                 Spread spread);

/// Two runs beside each other.
struct RunComparison {
    std::string one;  ///< Names of the runs.
    std::string other;
    std::vector<std::string> facts;  ///< What of their options, weights, data or builds differs.
    std::size_t points = 0;          ///< That both have.
    std::size_t values = 0;          ///< Of their metrics.
    std::size_t different = 0;       ///< Of these, those that differ in a bit.
    /// Over the categories and seeds that both have: `means_<dataset>` of each data set,
    std::vector<ComparisonTable> means;
    std::vector<ComparisonTable> categories;  ///< and `categories_<dataset>`.
    std::vector<std::string> only_one;        ///< Points that the other lacks, as text, in groups.
    std::vector<std::string> only_other;
    std::string points_csv;  ///< Every value of every shared point beside its like.

    /// The same points with the same values.
    [[nodiscard]] bool equal() const;
};

/// Points are matched by all their labels; means are over those that both runs have. With
/// `options`, differences of `kResampledMetric` have intervals where both saw the same test images.
[[nodiscard]] RunComparison compare_runs(const ResultsFile& one, const ResultsFile& other,
                                         const std::optional<BootstrapOptions>& options,
                                         Spread spread);

/// Percent with one decimal, differences and intervals in points with their sign; aligned.
[[nodiscard]] std::string to_markdown(const ComparisonTable& table);
/// Floats for packages booktabs and graphicx, laid out as the Markdown; the better of two cells is
/// bold where the difference is sure.
[[nodiscard]] std::string to_latex(const ComparisonTable& table);
/// Fractions in full precision, "nan" where there is none.
[[nodiscard]] std::string to_csv(const ComparisonTable& table);
[[nodiscard]] std::string to_json(const ComparisonTable& table);
/// Counts, tables of means, and what only one run has. Cells that are the same in both runs are
/// counted, and shown only with `all`.
[[nodiscard]] std::string to_markdown(const RunComparison& comparison, bool all);
/// Counts and lists, without tables.
[[nodiscard]] std::string to_json(const RunComparison& comparison);

/// Each table as .md, .tex, .csv and .json in `folder`.
void write_comparisons(const std::filesystem::path& folder,
                       const std::vector<ComparisonTable>& tables);

}  // namespace patchead
