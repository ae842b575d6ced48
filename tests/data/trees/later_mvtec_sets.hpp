#pragma once

#include "native_set.hpp"

/// \file
/// \brief MVTec AD 2 and MVTec 3D-AD: validation pools, private images, and depth.

namespace patchead {

/// Private images have no label, whatever they show.
inline NativeSet mvtec_ad2_set() {
    return {
        .folder = "mvtec_ad_2",
        .draw =
            [](TreeWriter& tree) {
                const std::string can = "mvtec_ad_2/can/";
                tree.images(
                    {can + "train/good/000_regular.png", can + "train/good/001_OVEREXPOSED.PNG",
                     can + "validation/good/000_regular.png",
                     can + "test_public/good/000_shift_1.png",
                     can + "test_public/bad/000_regular.png", can + "test_private/000_regular.png",
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
                    {.id = "can/train/good/000_regular", .image = "can/train/good/000_regular.png"},
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

}  // namespace patchead
