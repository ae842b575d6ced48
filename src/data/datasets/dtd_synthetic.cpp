#include "datasets/mvtec_layout.hpp"

/// \file
/// \brief DTD-Synthetic, textures with drawn defects (Aota et al., WACV 2023).
///
/// In MVTec layout, but copies differ in the case of folder names, in the depth of folders and in
/// whether masks carry `_mask`.

namespace patchead {
namespace {

// Per-category counts were not published; the totals of the test split are in Table 6.
constexpr PublishedCategory kDtdSyntheticCategories[] = {
    {"Blotchy_099", {}}, {"Fibrous_183", {}},    {"Marbled_078", {}},    {"Matted_069", {}},
    {"Mesh_114", {}},    {"Perforated_037", {}}, {"Stratified_154", {}}, {"Woven_001", {}},
    {"Woven_068", {}},   {"Woven_104", {}},      {"Woven_125", {}},      {"Woven_127", {}},
};

constexpr DatasetInfo kDtdSynthetic{
    .source = "https://drive.google.com/drive/folders/10OyPzvI3H6llCZBxKxFlKWt1Pw1tkMK1",
    .licence = "none found: for research only, not to be passed on",
    .citation =
        "Aota et al., Zero-shot versus many-shot: unsupervised texture anomaly detection, "
        "WACV 2023",
    .tree = "<category>/{train/good,test/good,test/bad}/*.png, ground_truth/bad/*[_mask].png",
    .categories = kDtdSyntheticCategories,
    .paper = PaperCounts{"texture", 12, 357, 947},
};

}  // namespace

const Dataset& dtd_synthetic() {
    static const MvtecLayout dataset(kDtdSynthetic, {.tolerant = true});
    return dataset;
}

}  // namespace patchead
