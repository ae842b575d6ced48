#include "datasets/mvtec_layout.hpp"

/// \file
/// \brief BTAD, three products of beanTech (Mishra et al., ISIE 2021).
///
/// MVTec layout, but normal images lie in `ok`, defective ones in `ko`. Suffixes are mixed: images
/// of 01 and 03 and masks of 03 are bmp, the others png, and other programs convert them in place;
/// so pairs are found by stem.

namespace patchead {
namespace {

// Source: counts of the published folders; the sums are 1799, 451 and 290.
constexpr PublishedCategory kBtadCategories[] = {
    {"01", {{400, 21, 49}}, 1600, 1600},
    {"02", {{399, 30, 200}}, 600, 600},
    {"03", {{1000, 400, 41}}, 800, 600},
};

constexpr DatasetInfo kBtad{
    .source = "https://avires.dimi.uniud.it/papers/btad/btad.zip",
    .licence = "unclear: stated as CC BY-NC-SA 4.0 by others, no text in the download",
    .citation =
        "Mishra et al., VT-ADL: a vision transformer network for image anomaly detection "
        "and localization, ISIE 2021",
    .tree = "{01,02,03}/{train/ok,test/ok,test/ko}/*.{bmp,png}, ground_truth/ko/*.{png,bmp}",
    .categories = kBtadCategories,
    .paper = PaperCounts{"object", 3, 451, 290},
    .aligned = false,
};

}  // namespace

const Dataset& btad() {
    static const MvtecLayout dataset(kBtad, {.layout = "ok-ko", .good = "ok"});
    return dataset;
}

}  // namespace patchead
