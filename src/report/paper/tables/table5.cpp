#include <fmt/format.h>

#include "paper/definition.hpp"

namespace patchead::inline report_detail {

/// Ablation of the modules of PatchEAD+.
PaperDefinition table5() {
    PaperBlock block;
    block.label_heads = {"Alignment", "Attn mask"};
    block.columns =
        columns_by_dataset({"MVTec", "VisA"}, {{"I-AUROC", {"I-AUC"}}, {"P-AUROC", {"P-AUC"}}});
    for (const int shots : {0, 4}) {
        for (const std::string modules : {"none", "align", "mask", "align+mask"}) {
            const bool align = modules.starts_with("align");
            const bool mask = modules.ends_with("mask");
            block.rows.push_back({fmt::format("{}-shot", shots),
                                  {align ? "✓" : "", mask ? "✓" : ""},
                                  with_shots(patchead_with("DINOv2", modules), shots)});
        }
    }
    return {.caption = "Ablation study on the impact of the modules in PatchEAD+ (DINOv2)",
            .blocks = {block},
            .best = Best::of_column,
            .counts = false,
            .footnotes = {}};
}

}  // namespace patchead::inline report_detail
