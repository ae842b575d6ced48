#include "paper/definition.hpp"

namespace patchead::inline report_detail {

/// Batch zero-shot, each category of MVTec, VisA, and MPDD.
PaperDefinition table9() {
    return table_by_category(
        "Comparison of image-level and pixel-level AUC for each category in MVTec, VisA, "
        "and MPDD "
        "using training-free zero-shot methods",
        {category_rows("MVTec", "MVTec", 0), category_rows("VisA", "VisA", 0),
         category_rows("MPDD", "MPDD", 0)},
        "PatchEAD+ aligns and masks, on MPDD it only masks.");
}

}  // namespace patchead::inline report_detail
