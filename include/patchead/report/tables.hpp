#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "patchead/metrics/bootstrap.hpp"
#include "patchead/results/results.hpp"

/// \file
/// \brief From rows to tables: means over categories, mean and std over seeds.

namespace patchead {

/// Which standard deviation stands after "±": divided by n, or by n - 1.
enum class Spread { population, sample };

/// One number of a table.
struct Cell {
    std::optional<double> mean;          ///< Fraction; nothing if missing or undefined.
    double std = 0;                      ///< Standard deviation over seeds.
    int seeds = 0;                       ///< Seeds behind it.
    int categories = 0;                  ///< Categories behind it (1 in a category row).
    std::string note;                    ///< Why it is missing, or what was left out, and where.
    std::optional<Interval> interval{};  ///< 95 %, over the test images; of resampled results only.
    bool best = false;                   ///< Surely better than its like in the other rows.
};

/// A table as people read it; the renderers below print it.
struct Table {
    std::string name;  ///< File stem.
    std::string caption;
    std::vector<std::string> row_columns;  ///< Names of the leading columns.
    std::vector<std::string> value_columns;
    struct Row {
        std::vector<std::string> labels;  ///< One for each of `row_columns`.
        std::vector<Cell> cells;          ///< One for each of `value_columns`.
        bool transductive = false;        ///< Whether scores behind it saw other test images.

        /// The most seeds behind any cell; a cell with fewer has a note.
        [[nodiscard]] int seeds() const;
    };
    std::vector<Row> rows;
    std::vector<std::string> footnotes;
};

/// Which value columns the tables have.
struct TableColumns {
    std::vector<std::string> metrics{};  ///< In this order; empty: as they were measured.
    bool worst = false;   ///< Summaries: of each metric the category with the lowest mean, too.
    bool pooled = false;  ///< Summaries: I-AUROC of the images of all categories as one, too: what
                          ///< one threshold for all of them could do.
};

/// `columns` with the names of metrics as results have them. Throws ConfigError that lists what
/// there is for one that was not measured.
[[nodiscard]] TableColumns columns_of(const Results& results, TableColumns columns);

/// For every data set, by name: `summary_<dataset>` (a row for each backbone, size, setting, shots
/// and modules, in this order, batch zero-shot first; unweighted means over categories, mean and
/// std over seeds of those data set means) and `categories_<dataset>` (the same with a row for each
/// category and an Average row).
///
/// A data set mean leaves out undefined values; a seed for which a category is missing is left out.
/// The cell's note says so. Throws DataError if a point is there twice.
/// Source: the averages of the paper's Tables 7-10 (docs/results.md).
[[nodiscard]] std::vector<Table> make_tables(const Results& results,
                                             Spread spread = Spread::population,
                                             const TableColumns& columns = {});

/// Percent with one decimal (round half even on the exact double), "mean ± std (low–high)", without
/// "± std" where one seed is behind it; "–" where missing; "[n]" after a number leads to its note.
/// Columns that are aligned in a terminal; label columns that are the same in all rows are told
/// once above the table.
[[nodiscard]] std::string to_markdown(const Table& table);
/// Full precision; columns `<metric>`, `<metric>_std` and, of a metric that has intervals,
/// `<metric>_low` and `<metric>_high` ("nan" where missing), then `seeds`.
[[nodiscard]] std::string to_csv(const Table& table);
/// Floats for packages booktabs and graphicx, laid out as the Markdown, with the best in bold.
[[nodiscard]] std::string to_latex(const Table& table);
/// The same as an object with caption, columns, rows and footnotes; null where missing. Rows that
/// are transductive say so.
[[nodiscard]] std::string to_json(const Table& table);

/// Writes each table as .md, .tex, .csv and .json into `folder`, each file whole or not at all.
void write_tables(const std::filesystem::path& folder, const std::vector<Table>& tables);

}  // namespace patchead
