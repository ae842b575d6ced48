#include "datasets/mvtec_layout.hpp"

/// \file
/// \brief MVTec LOCO AD, logical and structural anomalies (Bergmann et al., IJCV 2022).
///
/// In MVTec layout, with a folder of masks for each defective image. A mask file is one defect, of
/// one level, which `defects_config.json` has with the area at which it counts as found (sPRO).

namespace patchead {
namespace {

// Source: the paper's table of categories; the sums are 1772, 575, 993 and
// 304.
constexpr PublishedCategory kLocoCategories[] = {
    {"breakfast_box", {{351, 102, 173, 62}}, 1600, 1280},
    {"juice_bottle", {{335, 94, 236, 54}}, 800, 1600},
    {"pushpins", {{372, 138, 172, 69}}, 1700, 1000},
    {"screw_bag", {{360, 122, 219, 60}}, 1600, 1100},
    {"splicing_connectors", {{354, 119, 193, 59}}, 1700, 850},
};

constexpr DatasetInfo kLoco{
    .source = "https://www.mvtec.com/company/research/datasets/mvtec-loco",
    .licence = "CC BY-NC-SA 4.0",
    .citation =
        "Bergmann et al., Beyond dents and scratches: logical constraints in unsupervised anomaly "
        "detection and localization, IJCV 2022",
    .tree =
        "<category>/{train/good,validation/good,test/good,test/{logical,structural}_anomalies}/"
        "*.png, ground_truth/{logical,structural}_anomalies/NNN/*.png, defects_config.json",
    .categories = kLocoCategories,
    .paper = {},
};

}  // namespace

const Dataset& loco() {
    static const MvtecLayout dataset(kLoco,
                                     {.layout = "loco", .validation = true, .mask_folders = true});
    return dataset;
}

}  // namespace patchead
