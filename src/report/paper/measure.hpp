#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "patchead/report/paper_tables.hpp"
#include "tables/cells.hpp"

/// \file
/// \brief What results say about a point of the paper. Private to the report layer.

namespace patchead::inline report_detail {

/// The paper's data sets have their own names in results, in lower case.
[[nodiscard]] std::string name_in_results(std::string dataset);

struct Measured {
    Cell cell;
    bool whole = true;  ///< It is about as many categories as the paper's number.
};

/// Results, asked in the paper's words. Refers to all three arguments.
class PaperMeasure {
  public:
    PaperMeasure(const Results& results, const PaperReference& reference,
                 const PaperOptions& options);

    /// All runs, by data set as results call it.
    [[nodiscard]] const std::map<std::string, DatasetRuns>& datasets() const { return datasets_; }

    /// A cell without a mean has a note that says why. Throws ConfigError for an unknown backbone.
    [[nodiscard]] Measured of(const PaperPoint& point) const;

    /// The runs that `of` takes its means over: of the data set or, for an average, of all that are
    /// there.
    [[nodiscard]] std::vector<CellRuns> runs_behind(const PaperPoint& point) const;

    /// How many categories or test images ("test_normal", "test_abnormal") a data set has.
    [[nodiscard]] Measured count(const PaperPoint& point) const;

  private:
    /// Means by seed, and how many categories (or data sets) of those that belong to it are there.
    struct Means {
        SeedMeans seeds;
        std::vector<std::string> used;
        std::size_t wanted = 0;
        bool whole = false;  ///< Every category is behind the means of all seeds.
    };
    /// Test images of a category.
    struct Images {
        double normal = 0;
        double anomalous = 0;
    };

    [[nodiscard]] Means means_of(const PaperPoint& point) const;
    [[nodiscard]] Means average_of(const PaperPoint& point) const;
    [[nodiscard]] CellRuns runs_of_dataset(const PaperPoint& point) const;
    [[nodiscard]] const RunsBySeed* runs_of(const PaperPoint& point) const;
    [[nodiscard]] std::vector<std::string> modules_of(const PaperPoint& point) const;
    [[nodiscard]] std::vector<std::string> wanted_categories(const PaperPoint& point) const;

    const PaperReference& reference_;
    const PaperOptions& options_;
    std::map<std::string, DatasetRuns> datasets_;
    std::map<std::pair<std::string, std::string>, Images> images_;  ///< By data set and category.
};

}  // namespace patchead::inline report_detail
