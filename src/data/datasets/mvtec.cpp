#include "datasets/mvtec_layout.hpp"

/// \file
/// \brief MVTec AD (Bergmann et al., CVPR 2019) and any other data set in its layout.

namespace patchead {
namespace {

// Source: the data set's own files; the sums are 3629, 467 and 1258.
constexpr PublishedCategory kMvtecCategories[] = {
    {"bottle", {{209, 20, 63}}, 900, 900},       {"cable", {{224, 58, 92}}, 1024, 1024},
    {"capsule", {{219, 23, 109}}, 1000, 1000},   {"carpet", {{280, 28, 89}}, 1024, 1024},
    {"grid", {{264, 21, 57}}, 1024, 1024},       {"hazelnut", {{391, 40, 70}}, 1024, 1024},
    {"leather", {{245, 32, 92}}, 1024, 1024},    {"metal_nut", {{220, 22, 93}}, 700, 700},
    {"pill", {{267, 26, 141}}, 800, 800},        {"screw", {{320, 41, 119}}, 1024, 1024},
    {"tile", {{230, 33, 84}}, 840, 840},         {"toothbrush", {{60, 12, 30}}, 1024, 1024},
    {"transistor", {{213, 60, 40}}, 1024, 1024}, {"wood", {{247, 19, 60}}, 1024, 1024},
    {"zipper", {{240, 32, 119}}, 1024, 1024},
};

constexpr std::string_view kTree =
    "<category>/{train/good,test/good,test/<defect>}/*.png, ground_truth/<defect>/*_mask.png";

constexpr DatasetInfo kMvtec{
    .source = "https://www.mvtec.com/company/research/datasets/mvtec-ad",
    .licence = "CC BY-NC-SA 4.0",
    .citation =
        "Bergmann et al., MVTec AD: a comprehensive real-world dataset for unsupervised "
        "anomaly detection, CVPR 2019",
    .tree = kTree,
    .categories = kMvtecCategories,
    .paper = PaperCounts{"object+texture", 15, 467, 1258},
};

constexpr DatasetInfo kMvtecLike{
    .source = "your own, or patchead demo-data",
    .licence = "its owner's",
    .citation = "none",
    .tree = kTree,
    .categories = {},
    .paper = {},
};

}  // namespace

const Dataset& mvtec() {
    static const MvtecLayout dataset(kMvtec);
    return dataset;
}

const Dataset& mvtec_like() {
    static const MvtecLayout dataset(kMvtecLike, {.masks_optional = true});
    return dataset;
}

}  // namespace patchead
