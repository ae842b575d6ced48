#include "../paper_definition.hpp"

namespace patchead {

/// Batch zero-shot, each category of MVTec, VisA, and MPDD.
PaperDefinition table9() {
    PaperBlock block;
    block.label_heads = {"Category"};
    block.columns = columns_by_method();
    for (const auto* dataset : {"MVTec", "VisA", "MPDD"}) {
        for (auto& row : category_rows(dataset, dataset, 0)) {
            block.rows.push_back(std::move(row));
        }
    }
    return {.caption =
                "Comparison of image-level and pixel-level AUC for each category in MVTec, VisA, "
                "and MPDD "
                "using training-free zero-shot methods",
            .blocks = {block},
            .best = Best::of_average,
            .counts = false,
            .footnotes = {"PatchEAD+ aligns and masks, on MPDD it only masks."}};
}

}  // namespace patchead
