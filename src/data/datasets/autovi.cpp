#include "datasets/mvtec_layout.hpp"

/// \file
/// \brief AutoVI, six tasks of a car factory (Carvalho et al., Computers in Industry 2024).
///
/// As MVTec LOCO AD: a folder of masks for each defective image, saturation areas in
/// `defects_config.json`.

namespace patchead {
namespace {

// Source: the paper's table; the sums are 1530, 1533 and 887.
constexpr PublishedCategory kAutoviCategories[] = {
    {"engine_wiring", {{285, 285, 322}}, 400, 400},
    {"pipe_clip", {{195, 196, 141}}, 400, 400},
    {"pipe_staple", {{198, 199, 127}}, 400, 400},
    {"tank_screw", {{318, 318, 95}}, 1000, 750},
    {"underbody_pipes", {{161, 161, 184}}, 1000, 750},
    {"underbody_screw", {{373, 374, 18}}, 1000, 750},
};

constexpr DatasetInfo kAutovi{
    .source = "https://zenodo.org/records/10459003",
    .licence = "CC BY-NC-SA 4.0",
    .citation =
        "Carvalho et al., The automotive visual inspection dataset (AutoVI), Computers in "
        "Industry 161, 2024",
    .tree =
        "<category>/{train/good,test/good,test/<defect>}/*.png, "
        "ground_truth/<defect>/<image>/*.png, defects_config.json",
    .categories = kAutoviCategories,
    .paper = {},
};

}  // namespace

const Dataset& autovi() {
    static const MvtecLayout dataset(kAutovi, {.layout = "autovi", .mask_folders = true});
    return dataset;
}

}  // namespace patchead
