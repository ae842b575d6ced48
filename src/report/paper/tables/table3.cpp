#include "paper/definition.hpp"

namespace patchead::inline report_detail {
namespace {

void add_group(const std::string& group, int shots, const std::vector<std::string>& backbones,
               std::vector<PaperRow>& rows) {
    for (const auto& backbone : backbones) {
        rows.push_back({group, {backbone}, with_shots(patchead_with(backbone, "none"), shots)});
    }
}

}  // namespace

/// Ablation of the backbone.
PaperDefinition table3() {
    PaperBlock block;
    block.label_heads = {"Backbone"};
    block.columns =
        columns_by_dataset({"MVTec", "VisA"}, {{"I-AUROC", {"I-AUC"}}, {"P-AUROC", {"P-AUC"}}});
    const std::vector<std::string> few{"MAE", "BEiTv2", "EVA-02", "CLIP", "DINOv2", "PE_spatial"};
    auto most = few;
    most.emplace_back("DINOv3");
    add_group("Batch 0-shot", 0, {"MAE", "BEiTv2", "EVA-02", "DINOv2", "PE_spatial", "DINOv3"},
              block.rows);
    add_group("1-shot", 1, few, block.rows);
    add_group("2-shot", 2, few, block.rows);
    add_group("4-shot", 4, most, block.rows);
    return {.caption = "Ablation study on backbone selection",
            .blocks = {block},
            .best = Best::of_column,
            .counts = false,
            .footnotes = {}};
}

}  // namespace patchead::inline report_detail
