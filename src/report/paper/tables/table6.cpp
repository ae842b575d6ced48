#include "paper/definition.hpp"

namespace patchead::inline report_detail {

/// The data sets. Our numbers are counted in the results.
PaperDefinition table6() {
    PaperBlock block;
    block.label_heads = {"Dataset", "Type"};
    for (const auto& [metric, heads] :
         std::vector<PaperMetric>{{"categories", {"", "# of categories"}},
                                  {"test_normal", {"Samples", "Normal"}},
                                  {"test_abnormal", {"Samples", "Abnormal"}}}) {
        PaperColumn column{heads, {}};
        column.part.metric = metric;
        block.columns.push_back(std::move(column));
    }
    for (const auto& [dataset, type] : paper_reference().dataset_types) {
        PaperRow row{"", {dataset, type}, {}};
        row.part.dataset = dataset;
        block.rows.push_back(std::move(row));
    }
    return {.caption = "Anomaly detection data sets in industrial domain: test images",
            .blocks = {block},
            .best = Best::none,
            .counts = true,
            .footnotes = {}};
}

}  // namespace patchead::inline report_detail
