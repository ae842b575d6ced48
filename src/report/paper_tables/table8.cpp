#include <fmt/format.h>

#include "../paper_definition.hpp"

namespace patchead {

/// Few-shot, each category of VisA.
PaperDefinition table8() {
    PaperBlock block;
    block.label_heads = {"Category"};
    block.columns = columns_by_method();
    for (const int shots : {1, 2, 4}) {
        for (auto& row : category_rows(fmt::format("{}-shot", shots), "VisA", shots)) {
            block.rows.push_back(std::move(row));
        }
    }
    return {.caption =
                "Comparison of image-level and pixel-level AUC for each category in VisA using "
                "training-free few-shot methods",
            .blocks = {block},
            .best = Best::of_average,
            .counts = false,
            .footnotes = {"The paper's 2- and 4-shot category cells are cumulative means over the "
                          "shots; ours are compared with the values recovered from them, and what "
                          "is printed stands behind (off by up to 0.15 and 0.25 points from "
                          "rounding)."}};
}

}  // namespace patchead
