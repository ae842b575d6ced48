#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "patchead/core/point_cost.hpp"
#include "patchead/report/tables.hpp"
#include "patchead/results/query_time.hpp"
#include "patchead/results/results.hpp"

/// \file
/// \brief All detectors beside each other: shots by data sets, with what they cost.

namespace patchead {

struct RivalsOptions {
    Spread spread = Spread::population;
    std::string pro = "AUPRO";       ///< The metric that stands for the paper's PRO.
    std::vector<QueryTime> times{};  ///< As runs measured them; may lack some.
};

/// A number, and what the paper quotes of the same method.
struct RivalCell {
    Cell ours;  ///< Without a mean if it was not measured.
    std::optional<double> quoted{};
    std::optional<double> quoted_std{};
};

/// One metric.
struct RivalTable {
    struct Row {
        std::string backbone;
        std::string image_size;
        std::string setting;
        int shots = 0;
        std::string detector;  ///< As results call it.
        std::string method;    ///< For people: "PatchCore", "PatchEAD align+mask", "MuSc (tuned)".
        std::string modules;
        bool tuned = false;            ///< Chosen on the test data: it does not compete.
        bool transductive = false;     ///< Whether scores behind it saw other test images.
        std::vector<RivalCell> cells;  ///< One for each of `columns`.
        std::optional<PointCost> cost{};
        std::optional<QueryTime> time{};
    };
    std::string name;  ///< "rivals_I-AUROC": file stem.
    std::string metric;
    std::string caption;
    std::vector<std::string> columns;  ///< Data sets and, of several, "Average".
    std::vector<Row> rows;             ///< By backbone, size, setting and shots; PatchEAD first.
    bool with_costs = false;           ///< Told once, with the first metric.
    std::vector<std::string> footnotes;
};

/// Of each metric that the paper has. Rows stand where another detector than PatchEAD stands, too.
/// Of the rows with the same backbone, size and shots the best is marked where it is sure.
/// Throws ConfigError if there is no other detector, DataError if a point is there twice.
[[nodiscard]] std::vector<RivalTable> make_rivals(const Results& results,
                                                  const RivalsOptions& options);

/// "93.1 ± 1.0 (91.2–94.5)", quoted numbers in columns of their own, marked ‡.
[[nodiscard]] std::string to_markdown(const RivalTable& table);
[[nodiscard]] std::string to_latex(const RivalTable& table);
/// A line for each cell, in full precision.
[[nodiscard]] std::string to_csv(const RivalTable& table);
[[nodiscard]] std::string to_json(const RivalTable& table);

/// Each table as .md, .tex, .csv and .json into `folder`.
void write_rivals(const std::filesystem::path& folder, const std::vector<RivalTable>& tables);

}  // namespace patchead
