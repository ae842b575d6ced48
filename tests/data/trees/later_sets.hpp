#pragma once

#include <array>
#include <cctype>

#include "native_set.hpp"

/// \file
/// \brief Data sets that are younger than the paper: with pools, private images and masks of theirs.

namespace patchead {

/// Private images have no label, whatever they show.
inline NativeSet mvtec_ad2_set() {
    return {.folder = "mvtec_ad_2",
            .draw =
                [](TreeWriter& tree) {
                    const std::string can = "mvtec_ad_2/can/";
                    tree.images({can + "train/good/000_regular.png",
                                 can + "train/good/001_OVEREXPOSED.PNG",
                                 can + "validation/good/000_regular.png",
                                 can + "test_public/good/000_shift_1.png",
                                 can + "test_public/bad/000_regular.png",
                                 can + "test_private/000_regular.png",
                                 can + "test_private/001_regular.png",
                                 can + "test_private_mixed/000_mixed.png"});
                    tree.mask(can + "test_public/ground_truth/bad/000_regular_mask.png",
                              {{1, 2, 4, 7}});
                    tree.text("mvtec_ad_2/license.txt", "CC BY-NC-SA 4.0");
                },
            .samples = {{.id = "can/test/bad/000_regular",
                         .image = "can/test_public/bad/000_regular.png",
                         .masks = {"can/test_public/ground_truth/bad/000_regular_mask.png"},
                         .anomalous = {{1, 2, 4, 7}}},
                        {.id = "can/test/good/000_shift_1",
                         .image = "can/test_public/good/000_shift_1.png"},
                        {.id = "can/test_private/unlabelled/000_regular",
                         .image = "can/test_private/000_regular.png",
                         .is_anomalous = false},
                        {.id = "can/test_private/unlabelled/001_regular",
                         .image = "can/test_private/001_regular.png",
                         .is_anomalous = false},
                        {.id = "can/test_private_mixed/unlabelled/000_mixed",
                         .image = "can/test_private_mixed/000_mixed.png",
                         .is_anomalous = false},
                        {.id = "can/train/good/000_regular",
                         .image = "can/train/good/000_regular.png"},
                        {.id = "can/train/good/001_OVEREXPOSED",
                         .image = "can/train/good/001_OVEREXPOSED.PNG"},
                        {.id = "can/validation/good/000_regular",
                         .image = "can/validation/good/000_regular.png"}},
            .layout = "mvtec-ad2",
            .notes = {"can: 2 images in test_private; published: 321",
                      "can: 1 image in test_private_mixed; published: 321"}};
}

/// Depth and calibration lie beside the colours, and good images have masks, too.
inline NativeSet mvtec_3d_set() {
    return {.folder = "mvtec_3d_anomaly_detection",
            .draw =
                [](TreeWriter& tree) {
                    const std::string bagel = "mvtec_3d_anomaly_detection/bagel/";
                    for (const auto* part :
                         {"train/good/", "validation/good/", "test/good/", "test/crack/"}) {
                        tree.image(bagel + part + "rgb/000.png");
                        tree.text(bagel + part + "xyz/000.tiff", "II*\\0 no colours");
                    }
                    tree.mask(bagel + "test/good/gt/000.png", {});
                    tree.mask(bagel + "test/crack/gt/000.png", {{0, 0, 3, 3}});
                    tree.text(bagel + "calibration/camera_parameters.json", "{}");
                },
            .samples = {{.id = "bagel/test/crack/000",
                         .image = "bagel/test/crack/rgb/000.png",
                         .masks = {"bagel/test/crack/gt/000.png"},
                         .anomalous = {{0, 0, 3, 3}}},
                        {.id = "bagel/test/good/000", .image = "bagel/test/good/rgb/000.png"},
                        {.id = "bagel/train/good/000", .image = "bagel/train/good/rgb/000.png"},
                        {.id = "bagel/validation/good/000",
                         .image = "bagel/validation/good/rgb/000.png"}},
            .layout = "mvtec-3d"};
}

/// As archives bring it, with a folder more in each.
inline NativeSet autovi_set() {
    const std::string inner = "pipe_clip/pipe_clip/";
    return {.folder = "AutoVI",
            .draw =
                [](TreeWriter& tree) {
                    const std::string root = "AutoVI/pipe_clip/pipe_clip/";
                    tree.images({root + "train/good/0000.png", root + "test/good/0000.png",
                                 root + "test/operator/0001.png"});
                    tree.mask(root + "ground_truth/operator/0001/0000.png", {{0, 0, 2, 2}});
                    tree.mask(root + "ground_truth/operator/0001/0001.png", {{4, 4, 6, 6}}, 254);
                    tree.text(root + "defects_config.json",
                              R"([{"defect_name": "unclipped", "pixel_value": 255,
                                   "saturation_threshold": 3, "relative_saturation": false},
                                  {"defect_name": "operator", "pixel_value": 254,
                                   "saturation_threshold": 1.0, "relative_saturation": true}])");
                },
            .samples = {{.id = "pipe_clip/test/good/0000", .image = inner + "test/good/0000.png"},
                        {.id = "pipe_clip/test/operator/0001",
                         .image = inner + "test/operator/0001.png",
                         .masks = {inner + "ground_truth/operator/0001/0000.png",
                                   inner + "ground_truth/operator/0001/0001.png"},
                         .anomalous = {{0, 0, 2, 2}, {4, 4, 6, 6}},
                         .saturation = "254=1r 255=3"},
                        {.id = "pipe_clip/train/good/0000",
                         .image = inner + "train/good/0000.png"}},
            .layout = "autovi"};
}

/// Train has defects among its images, and every image has a label file.
inline NativeSet ksdd2_set() {
    return {.folder = "KolektorSDD2",
            .draw =
                [](TreeWriter& tree) {
                    for (const std::string split : {"train/", "test/"}) {
                        const auto folder = "KolektorSDD2/" + split;
                        tree.images({folder + "10000.png", folder + "10001.PNG"});
                        tree.mask(folder + "10000_GT.png", {});
                        tree.mask(folder + "10001_gt.png", {{2, 2, 3, 5}}, 1);
                    }
                },
            .samples = {{.id = "ksdd2/test/defect/10001",
                         .image = "test/10001.PNG",
                         .masks = {"test/10001_gt.png"},
                         .anomalous = {{2, 2, 3, 5}}},
                        {.id = "ksdd2/test/good/10000", .image = "test/10000.png"},
                        {.id = "ksdd2/train/defect/10001",
                         .image = "train/10001.PNG",
                         .masks = {"train/10001_gt.png"},
                         .anomalous = {{2, 2, 3, 5}}},
                        {.id = "ksdd2/train/good/10000", .image = "train/10000.png"}},
            .layout = "ksdd2"};
}

/// Of five normal tiles two are tested: a quarter, rounded up.
inline NativeSet magnetic_tile_set() {
    NativeSet set{.folder = "Magnetic-tile-defect-datasets.",
                  .draw =
                      [](TreeWriter& tree) {
                          const std::string root = "Magnetic-tile-defect-datasets./";
                          for (const std::string number : {"1", "2", "3", "4", "5"}) {
                              const auto name = root + "MT_Free/Imgs/exp1_num_" + number;
                              tree.image(name + ".jpg");
                              tree.mask(name + ".png", {});
                          }
                          for (const auto* type : {"Blowhole", "Break", "Crack", "Fray", "Uneven"}) {
                              const auto name = root + "MT_" + type + "/Imgs/exp2_num_7";
                              tree.image(name + (std::string(type) == "Break" ? ".JPG" : ".jpg"));
                              tree.mask(name + ".png", {{0, 0, 2, 3}});
                          }
                          tree.text(root + "README.md", "Magnetic tiles");
                      },
                  .samples = {},
                  .layout = "magnetic-tile",
                  .notes = {"no split is published"}};
    for (const std::string type : {"Blowhole", "Break", "Crack", "Fray", "Uneven"}) {
        auto lower = type;
        lower[0] = static_cast<char>(std::tolower(lower[0]));
        const auto file = "MT_" + type + "/Imgs/exp2_num_7";
        set.samples.push_back({.id = "magnetic_tile/test/" + lower + "/exp2_num_7",
                               .image = file + (type == "Break" ? ".JPG" : ".jpg"),
                               .masks = {file + ".png"},
                               .anomalous = {{0, 0, 2, 3}}});
    }
    const std::array tested{3, 4};  // As an independent program drew them.
    for (const std::string split : {"test", "train"}) {
        for (int i = 1; i <= 5; ++i) {
            const bool is_tested = std::ranges::count(tested, i) > 0;
            if (is_tested != (split == "test")) { continue; }
            const auto name = "exp1_num_" + std::to_string(i);
            set.samples.push_back({.id = "magnetic_tile/" + split + "/good/" + name,
                                   .image = "MT_Free/Imgs/" + name + ".jpg"});
        }
    }
    std::ranges::sort(set.samples, {}, &ExpectedSample::id);
    return set;
}

}  // namespace patchead
