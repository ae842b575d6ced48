#include "paper/definition.hpp"

namespace patchead::inline report_detail {
namespace {

void add_group(const std::string& group, int shots, std::vector<PaperRow>& rows) {
    for (const auto* method : {"AprilGAN", "AnomalyGPT", "PromptAD", "InCTRL"}) {
        rows.push_back(quoted_row(group, {method, "", ""}, true));
    }
    for (const auto* method : {"PaDiM", "PatchCore", "WinCLIP"}) {
        rows.push_back(quoted_row(group, {method, kTick, kTick}, false));
    }
    for (const auto* backbone : {"CLIP", "DINOv2"}) {
        for (const auto* modules : {"none", "patchead+"}) {
            const auto part = patchead_with(backbone, modules);
            rows.push_back({group, {part.method + " (" + backbone + ")", kTick, kTick}, part});
        }
    }
    for (auto& row : rows) {
        if (row.group == group) { row.part = with_shots(row.part, shots); }
    }
}

}  // namespace

/// Few-shot comparison with other methods. Their ticks are the paper's.
PaperDefinition table1() {
    PaperBlock block;
    block.label_heads = {"Method", "Training free", "Patch only"};
    block.columns = columns_by_dataset({"MVTec", "VisA"}, {{"I-AUROC", {"Image-level", "AUC"}},
                                                           {"I-AP", {"Image-level", "AP"}},
                                                           {"P-AUROC", {"Pixel-level", "AUC"}},
                                                           {"P-PRO", {"Pixel-level", "PRO"}}});
    add_group("1-shot", 1, block.rows);
    add_group("2-shot", 2, block.rows);
    add_group("4-shot", 4, block.rows);
    return {.caption = "Comparisons of few-shot settings with other methods on MVTec and VisA",
            .blocks = {block},
            .best = Best::of_column,
            .counts = false,
            .footnotes = {"Methods that need training do not compete for the bold value."}};
}

}  // namespace patchead::inline report_detail
