#include "paper/definition.hpp"

namespace patchead::inline report_detail {

/// Batch zero-shot, each category of BTAD, KSDD, DAGM, and DTD-Synthetic.
PaperDefinition table10() {
    return table_by_category(
        "Comparison of image-level and pixel-level AUC for each category in BTAD, KSDD, "
        "DAGM, and DTD-Synthetic "
        "using training-free zero-shot methods",
        {category_rows("BTAD", "BTAD", 0), category_rows("KSDD", "KSDD", 0),
         category_rows("DAGM", "DAGM", 0), category_rows("DTD-Synthetic", "DTD-Synthetic", 0)},
        "PatchEAD+ aligns and masks, on BTAD it only masks.");
}

}  // namespace patchead::inline report_detail
