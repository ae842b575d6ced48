#include <fmt/format.h>

#include "paper/definition.hpp"

namespace patchead::inline report_detail {

/// Ablation of the image size.
PaperDefinition table4() {
    PaperBlock block;
    block.label_heads = {"Image size"};
    block.columns =
        columns_by_dataset({"MVTec", "VisA"}, {{"I-AUROC", {"I-AUC"}}, {"P-AUROC", {"P-AUC"}}});
    for (const int shots : {0, 4}) {
        for (const int side : {224, 448, 672}) {
            PaperRow row{fmt::format("{}-shot", shots),
                         {fmt::format("{0}×{0}", side)},
                         with_shots(patchead_with("DINOv2", "none"), shots)};
            row.part.image_size = side;
            block.rows.push_back(std::move(row));
        }
    }
    return {.caption = "Ablation study on the impact of image size using DINOv2",
            .blocks = {block},
            .best = Best::of_column,
            .counts = false,
            .footnotes = {}};
}

}  // namespace patchead::inline report_detail
