#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "patchead/report/paper_tables.hpp"
#include "patchead/report/tables.hpp"
#include "patchead/results/results.hpp"

/// \file
/// \brief What is behind a cell of a table, down to images, weights and commands.

namespace patchead {

/// One value behind a cell: of a category and seed.
struct ExplainedValue {
    std::string dataset;
    std::string category;
    std::int64_t seed = 0;
    std::optional<double> value;  ///< As stored; NaN if undefined, nothing if missing,
    std::string reason;           ///< and then why.
    std::optional<double> again;  ///< Computed again from the stored image scores, if that can be.
    std::string artifact;         ///< Key of the result in the store; empty: not known.
    std::vector<std::string> prompts;
};

struct Explanation {
    std::string name;
    std::string source;                                       ///< Which table, with its caption.
    std::vector<std::pair<std::string, std::string>> labels;  ///< The point, e.g. its backbone.
    std::string metric;                                       ///< As results call it.
    Cell cell;                                                ///< As the table has it.
    std::optional<Cell> again;  ///< Made from the values that were computed again.
    std::optional<PaperCell> paper;
    std::vector<ExplainedValue> values;  ///< By data set, category and seed.
    std::map<std::string, std::string> provenance;
    std::vector<std::string> commands;  ///< That make these values.

    /// Nothing was computed again, or all of it is the same to the last bit.
    [[nodiscard]] bool holds() const;
};

/// Explains a cell by its name, parts separated by '/':
///  * of the paper's tables `tableN/METHOD/[BACKBONE]/[MODULES]/N-shot/[SIDEpx]/DATASET/[CATEGORY]/
///    METRIC`, without what the table leaves open: "table1/PatchEAD+/DINOv2/1-shot/MVTec/I-AUROC";
///  * of the others the labels of the row, then the metric:
///    "summary_mvtec/dinov2_vitb14_reg/448/few-shot/1/none/I-AUROC".
/// Throws ConfigError that says where the name goes wrong and how it could go on.
[[nodiscard]] Explanation explain(const Results& results, const std::string& name,
                                  const PaperOptions& options);

/// For people.
[[nodiscard]] std::string to_text(const Explanation& explanation);
[[nodiscard]] std::string to_json(const Explanation& explanation);

}  // namespace patchead
