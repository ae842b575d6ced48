#include "datasets/mvtec_layout.hpp"

/// \file
/// \brief The colour images of MVTec 3D-AD (Bergmann et al., VISAPP 2022). Its depth is left out.

namespace patchead {
namespace {

// Source: the paper's table of categories; the sums are 2656, 249, 948 and 294.
constexpr PublishedCategory kMvtec3dCategories[] = {
    {"bagel", {{244, 22, 88, 22}}},   {"cable_gland", {{223, 21, 87, 23}}},
    {"carrot", {{286, 27, 132, 29}}}, {"cookie", {{210, 28, 103, 22}}},
    {"dowel", {{288, 26, 104, 34}}},  {"foam", {{236, 20, 80, 27}}},
    {"peach", {{361, 26, 106, 42}}},  {"potato", {{300, 22, 92, 33}}},
    {"rope", {{298, 32, 69, 33}}},    {"tire", {{210, 25, 87, 29}}},
};

constexpr DatasetInfo kMvtec3d{
    .source = "https://www.mvtec.com/company/research/datasets/mvtec-3d-ad",
    .licence = "CC BY-NC-SA 4.0",
    .citation =
        "Bergmann et al., The MVTec 3D-AD dataset for unsupervised 3D anomaly detection and "
        "localization, VISAPP 2022",
    .tree =
        "<category>/{train/good,validation/good,test/good,test/<defect>}/rgb/*.png, "
        "test/<defect>/gt/*.png",
    .categories = kMvtec3dCategories,
    .paper = {},
};

}  // namespace

const Dataset& mvtec_3d() {
    static const MvtecLayout dataset(
        kMvtec3d, {.layout = "mvtec-3d", .pixels = "rgb", .masks = "gt", .validation = true});
    return dataset;
}

}  // namespace patchead
