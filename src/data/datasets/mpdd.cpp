#include "datasets/mvtec_layout.hpp"

/// \file
/// \brief MPDD, painted metal parts (Jezek et al., ICUMT 2021), in MVTec layout.

namespace patchead {
namespace {

// Source: counts of the published folders; the sums are 888, 176 and 282.
constexpr PublishedCategory kMpddCategories[] = {
    {"bracket_black", {{289, 32, 47}}, 1024, 1024}, {"bracket_brown", {{185, 26, 51}}, 1024, 1024},
    {"bracket_white", {{110, 30, 30}}, 1024, 1024}, {"connector", {{128, 30, 14}}, 1024, 1024},
    {"metal_plate", {{54, 26, 71}}, 1024, 1024},    {"tubes", {{122, 32, 69}}, 1024, 1024},
};

constexpr DatasetInfo kMpdd{
    .source = "https://github.com/stepanje/MPDD",
    .licence = "CC BY-NC-SA 4.0 (as other loaders state)",
    .citation = "Jezek et al., Deep learning-based defect detection of metal parts, ICUMT 2021",
    .tree =
        "<category>/{train/good,test/good,test/<defect>}/*.png, "
        "ground_truth/<defect>/*_mask.png",
    .categories = kMpddCategories,
    .paper = PaperCounts{"object", 6, 176, 282},
    .aligned = false,
};

}  // namespace

const Dataset& mpdd() {
    static const MvtecLayout dataset(kMpdd);
    return dataset;
}

}  // namespace patchead
