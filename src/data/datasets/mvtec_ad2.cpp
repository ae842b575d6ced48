#include <array>

#include "datasets/mvtec_layout.hpp"

/// \file
/// \brief MVTec AD 2, eight scenes under changing light (Heckler-Kram et al., 2025).
///
/// In MVTec layout, with `test_public` for `test` and its masks inside it, a pool of validation
/// images, and two sets of test images whose masks only a server has.

namespace patchead {
namespace {

constexpr auto kPrivate = std::to_array<std::string_view>({"test_private", "test_private_mixed"});

// Sizes: the paper's table of scenes. Private images: as every submission must have them, 2045 of
// each kind. How many train, validation and public ones there are stands nowhere.
constexpr PublishedCategory kAd2Categories[] = {
    {"can", {}, 2232, 1024, 321},         {"fabric", {}, 2448, 2048, 314},
    {"fruit_jelly", {}, 2100, 1520, 255}, {"rice", {}, 2448, 2048, 277},
    {"sheet_metal", {}, 4224, 1056, 142}, {"vial", {}, 1400, 1900, 276},
    {"wallplugs", {}, 2448, 2048, 232},   {"walnuts", {}, 2448, 2048, 228},
};

constexpr DatasetInfo kAd2{
    .source = "https://www.mvtec.com/company/research/datasets/mvtec-ad-2",
    .licence = "CC BY-NC-SA 4.0",
    .citation =
        "Heckler-Kram et al., The MVTec AD 2 dataset: advanced scenarios for unsupervised anomaly "
        "detection, 2025",
    .tree =
        "<category>/{train/good,validation/good,test_public/good,test_public/bad,test_private,"
        "test_private_mixed}/*.png, test_public/ground_truth/bad/*_mask.png",
    .categories = kAd2Categories,
    .paper = {},
    .unlabelled = kPrivate,
};

}  // namespace

const Dataset& mvtec_ad2() {
    static const MvtecLayout dataset(kAd2, {.layout = "mvtec-ad2",
                                            .test = "test_public",
                                            .truth = "test_public/ground_truth",
                                            .validation = true});
    return dataset;
}

}  // namespace patchead
