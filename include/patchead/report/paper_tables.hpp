#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "patchead/report/paper_reference.hpp"
#include "patchead/report/tables.hpp"
#include "patchead/results/results.hpp"

/// \file
/// \brief The paper's tables, made from results, each number beside the paper's own.
///
/// What a table holds is data: src/report/paper_tables.def. What its numbers mean: docs/results.md.

namespace patchead {

/// A backbone of one's own in the place of one of the paper's.
struct StandIn {
    std::string backbone;  ///< As results call it.
    int side_px = 0;       ///< Of its input, where a table does not vary it.
};

struct PaperOptions {
    std::vector<std::string> tables;  ///< "1"; empty: all.
    Spread spread = Spread::population;
    std::string pro = "AUPRO";  ///< The metric that stands for the paper's PRO.
    /// Means over the categories that are there, told in footnotes and not compared with the
    /// paper's. Otherwise a mean from which a category is missing is missing.
    bool partial = false;
    std::map<std::string, StandIn> stand_ins;  ///< By the paper's name of the backbone.
};

/// A number beside the paper's.
struct PaperCell {
    PaperPoint point;
    Cell ours;  ///< Fractions, but for counts; without a mean if missing or quoted.
    std::optional<double> paper;  ///< As printed.
    std::optional<double> paper_std;
    std::optional<double> recovered;   ///< See PaperNumber.
    std::optional<double> difference;  ///< Ours less the recovered or, without it, the printed one.
    /// The difference exceeds 0.5 points and two standard deviations of it; with counts, 0.
    bool outside = false;
    bool best = false;               ///< The highest (as printed) of those it competes with.
    std::vector<std::size_t> notes;  ///< Places in the table's notes.
};

struct PaperTable {
    struct Row {
        std::string group;                ///< "1-shot"; rows of a group follow each other.
        std::vector<std::string> labels;  ///< One for each of `label_heads`.
        bool quoted = false;              ///< Another method: numbers are the paper's only.
        std::vector<PaperCell> cells;
    };
    struct Block {
        std::string title;  ///< Empty, unless there are several.
        std::vector<std::string> label_heads;
        std::vector<std::vector<std::string>> heads;  ///< Of each column, from the top.
        std::vector<Row> rows;
    };
    std::string name;    ///< "table1": file stem.
    std::string source;  ///< "Table 1".
    std::string caption;
    bool counts = false;  ///< Numbers are counts (of images, categories), not percent.
    std::vector<Block> blocks;
    std::vector<std::string> notes;      ///< Of cells.
    std::vector<std::string> footnotes;  ///< Of the whole.
};

struct PaperReport {
    std::vector<PaperTable> tables;
    std::vector<std::string> left_out;  ///< Why, of each table of which nothing is there.
};

/// Throws ConfigError for an unknown table or backbone, DataError if a point is there twice.
[[nodiscard]] PaperReport make_paper_tables(const Results& results, const PaperOptions& options);

/// "94.8 ± 0.7 (95.0 ± 0.6; -0.2)": ours, and in parentheses the paper's and the difference.
[[nodiscard]] std::string to_markdown(const PaperTable& table);
/// A `table` environment for packages booktabs and graphicx, laid out as the paper's; one for each
/// group of rows where they would not fit on a page.
[[nodiscard]] std::string to_latex(const PaperTable& table);
/// One cell a line, in full precision.
[[nodiscard]] std::string to_csv(const PaperTable& table);
[[nodiscard]] std::string to_json(const PaperTable& table);

/// Writes each table as .md, .tex, .csv and .json into `folder`, and `audit.md`: what is left out
/// and what does not fit among the paper's own numbers.
void write_paper_tables(const std::filesystem::path& folder, const PaperReport& report);

}  // namespace patchead
