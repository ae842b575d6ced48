#include "paper/definition.hpp"

namespace patchead::inline report_detail {
namespace {

PaperBlock block_of(const std::string& title, const std::vector<PaperMetric>& metrics) {
    PaperBlock block;
    block.title = title;
    block.label_heads = {"Method", "Training free", "Patch only"};
    block.columns = columns_by_dataset(
        {"MVTec", "VisA", "MPDD", "BTAD", "KSDD", "DAGM", "DTD-Synthetic", "Average"}, metrics);
    auto& rows = block.rows;
    rows.push_back(quoted_row("", {"AnomalyCLIP", "", ""}, true));
    rows.push_back(quoted_row("", {"AdaCLIP", "", ""}, true));
    rows.push_back(quoted_row("", {"WinCLIP", kTick, ""}, false));
    rows.push_back(quoted_row("", {"MuSc", kTick, ""}, false));
    for (const auto* backbone : {"CLIP", "DINOv2"}) {
        for (const auto* modules : {"none", "patchead+"}) {
            const auto part = patchead_with(backbone, modules);
            rows.push_back({"", {part.method + " (" + backbone + ")", kTick, kTick}, part});
        }
    }
    for (auto& row : rows) { row.part = with_shots(row.part, 0); }
    return block;
}

}  // namespace

/// Batch zero-shot comparison with other methods on all seven data sets.
PaperDefinition table2() {
    return {
        .caption =
            "Comparisons of batch zero-shot image-level and pixel-level performance with other "
            "methods across seven data sets",
        .blocks = {block_of("Image-level evaluation", {{"I-AUROC", {"AUC"}}, {"I-AP", {"AP"}}}),
                   block_of("Pixel-level evaluation", {{"P-AUROC", {"AUC"}}, {"P-PRO", {"PRO"}}})},
        .best = Best::of_column,
        .counts = false,
        .footnotes = {"Methods that need training do not compete for the bold value. The paper "
                      "reproduced AdaCLIP and MuSc with their official code and weights.",
                      "PatchEAD+ aligns and masks, on MPDD and BTAD it only masks. Average: "
                      "unweighted mean of the seven data sets."}};
}

}  // namespace patchead::inline report_detail
