#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "patchead/report/tables.hpp"
#include "patchead/results/results.hpp"

/// \file
/// \brief Means over categories, then over seeds. Private to the report layer.

namespace patchead::inline report_detail {

/// What a row of a table is about. Its order is the order of the rows: batch zero-shot before
/// few-shot before full-shot, no module before one module before several.
struct Configuration {
    std::string backbone;
    std::pair<int, std::string> image_size;  ///< The largest, and the word for several.
    std::string setting;
    int shots = 0;  ///< kAllShots of full-shot: categories have other numbers of images.
    std::pair<bool, std::string> detector;  ///< Whether it is another than PatchEAD; its name.
    std::pair<std::size_t, std::string> modules;  ///< How many, and the word.

    // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 misreads the comparison it makes.
    auto operator<=>(const Configuration&) const = default;
};

[[nodiscard]] Configuration configuration_of(const ResultRow& row);

/// What came of one configuration, seed and category.
struct Run {
    const ResultRow* row = nullptr;  ///< Null if the run is missing,
    std::string reason;              ///< and then why.
};

using RunsByCategory = std::map<std::string, Run>;
using RunsBySeed = std::map<std::int64_t, RunsByCategory>;

/// All that is known of one data set.
struct DatasetRuns {
    std::set<std::string> categories;  ///< Of any configuration.
    std::map<Configuration, RunsBySeed> configurations;
    bool with_detectors = false;  ///< Whether any is of another detector than PatchEAD.
};

/// Names of the labels of configurations, and what they are, in the order of tables. Detectors are
/// told only where there are several.
[[nodiscard]] std::vector<std::string> label_columns(const DatasetRuns& runs);
[[nodiscard]] std::vector<std::string> labels_of(const Configuration& configuration,
                                                 const DatasetRuns& runs);

/// The runs of `results` by the name of their data set; they point into `results`.
/// Throws DataError if a point is there twice.
[[nodiscard]] std::map<std::string, DatasetRuns> group_runs(const Results& results);

/// The unweighted means over some categories, by seed.
struct SeedMeans {
    std::map<std::int64_t, double> values;
    std::size_t categories = 0;  ///< The fewest behind any of them.
    std::string note;            ///< What was left out, and why.
    /// The same means of resampled test images, of each seed; empty if there are none.
    std::map<std::int64_t, std::vector<double>> resamples{};
};

/// Means of several numbers, resample by resample; empty if one of them has no resamples.
[[nodiscard]] std::vector<double> mean_of_resamples(
    const std::vector<const std::vector<double>*>& numbers);

/// Resamples of the mean over seeds that `make_cell` takes; empty if there are none.
[[nodiscard]] std::vector<double> resampled_means(const SeedMeans& means);

/// A value that is undefined is left out of the mean of its seed; a seed for which a category is
/// missing is left out as a whole, since a mean over fewer categories would be another quantity.
/// The note says what was left out.
[[nodiscard]] SeedMeans seed_means(const RunsBySeed& runs, const std::set<std::string>& categories,
                                   const std::string& metric);

/// The mean over parts (data sets) of the means of each seed that all of them have. Without a note.
[[nodiscard]] SeedMeans mean_over(const std::vector<SeedMeans>& parts);

/// Mean and standard deviation over seeds.
[[nodiscard]] Cell make_cell(const SeedMeans& means, Spread spread);

/// The runs that a mean over categories is taken of.
struct CellRuns {
    std::string dataset;               ///< As results call it.
    const RunsBySeed* runs = nullptr;  ///< Null if there are none.
    std::set<std::string> categories;
    std::string metric;
};

/// The cell that is the mean of one part, or the mean over those parts that have a mean.
[[nodiscard]] Cell cell_of(const std::vector<CellRuns>& parts, Spread spread);

}  // namespace patchead::inline report_detail
