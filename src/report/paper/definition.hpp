#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "patchead/report/paper_reference.hpp"

/// \file
/// \brief What a table of the paper holds, as data. Private to the report layer.
///
/// A cell's point is what its row and its column say together; what both leave open is open.

namespace patchead::inline report_detail {

/// In the columns of what a method needs.
inline constexpr auto kTick = "✓";

struct PaperColumn {
    std::vector<std::string> heads;  ///< From the top; equal neighbours are one wide head.
    PaperPoint part;
};

struct PaperRow {
    std::string group;
    std::vector<std::string> labels;
    PaperPoint part;
    bool quoted = false;   ///< Another method.
    bool trained = false;  ///< It needs training and does not compete for the best value.
};

struct PaperBlock {
    std::string title;
    std::vector<std::string> label_heads;
    std::vector<PaperColumn> columns;
    std::vector<PaperRow> rows;
};

/// Which cells compete for being printed bold.
enum class Best {
    none,
    of_column,   ///< Those of a column and group, among methods without training.
    of_average,  ///< Those of an Average row that have the same metric.
};

struct PaperDefinition {
    std::string caption;
    std::vector<PaperBlock> blocks;
    Best best = Best::of_column;
    bool counts = false;
    std::vector<std::string> footnotes;
};

/// Name in files and words, and how its definition is made.
struct PaperTableEntry {
    std::string_view name;  ///< "1".
    PaperDefinition (*define)();
};
[[nodiscard]] std::span<const PaperTableEntry> paper_table_entries();

/// What `row` and `column` say together.
[[nodiscard]] PaperPoint combine(const PaperPoint& row, const PaperPoint& column);

/// A metric and its head in a table.
struct PaperMetric {
    std::string name;
    std::vector<std::string> heads;
};

/// Each of `metrics` for each of `datasets`.
[[nodiscard]] std::vector<PaperColumn> columns_by_dataset(const std::vector<std::string>& datasets,
                                                          const std::vector<PaperMetric>& metrics);

/// Batch zero-shot with 0 shots, else few-shot.
[[nodiscard]] PaperPoint with_shots(PaperPoint point, int shots);

/// PatchEAD with `modules` or, where these are "patchead+", PatchEAD+.
[[nodiscard]] PaperPoint patchead_with(const std::string& backbone, const std::string& modules);

/// A row of another method.
[[nodiscard]] PaperRow quoted_row(const std::string& group, std::vector<std::string> labels,
                                  bool trained);

/// The eight columns of Tables 7 to 10: two metrics, two modules, two backbones.
[[nodiscard]] std::vector<PaperColumn> columns_by_method();

/// The categories of a data set, and their average.
[[nodiscard]] std::vector<PaperRow> category_rows(const std::string& group,
                                                  const std::string& dataset, int shots);

/// A table of categories: the rows of `groups`, one after another, in the columns of
/// `columns_by_method`.
[[nodiscard]] PaperDefinition table_by_category(std::string caption,
                                                const std::vector<std::vector<PaperRow>>& groups,
                                                std::string footnote);

/// Tables 7 and 8: few-shot, each category of `dataset`.
[[nodiscard]] PaperDefinition few_shot_by_category(const std::string& dataset);

}  // namespace patchead::inline report_detail
