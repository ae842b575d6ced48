#pragma once

#include "native_set.hpp"

/// \file
/// \brief MVTec LOCO AD: several masks an image, with saturation areas.

namespace patchead {

inline NativeSet loco_set() {
    const std::string areas = "254=0.5r 255=6";
    return {
        .folder = "mvtec_loco_anomaly_detection",
        .draw =
            [](TreeWriter& tree) {
                const std::string root = "mvtec_loco_anomaly_detection/pushpins/";
                tree.images({root + "train/good/000.png", root + "validation/good/000.png",
                             root + "test/good/000.png", root + "test/logical_anomalies/000.png",
                             root + "test/structural_anomalies/000.png"});
                const auto masks = root + "ground_truth/";
                // Two files that overlap, one of them in two pieces.
                tree.mask(masks + "logical_anomalies/000/000.png", {{0, 0, 2, 2}, {5, 5, 6, 6}});
                tree.mask(masks + "logical_anomalies/000/001.png", {{1, 1, 4, 4}}, 254);
                tree.mask(masks + "structural_anomalies/000/000.png", {{7, 7, 9, 9}}, 254);
                tree.text(root + "defects_config.json",
                          R"([{"defect_name": "missing_pushpin", "pixel_value": 255,
                                   "saturation_threshold": 6, "relative_saturation": false},
                                  {"defect_name": "broken", "pixel_value": 254,
                                   "saturation_threshold": 0.5, "relative_saturation": true}])");
            },
        .samples = {{.id = "pushpins/test/good/000", .image = "pushpins/test/good/000.png"},
                    {.id = "pushpins/test/logical_anomalies/000",
                     .image = "pushpins/test/logical_anomalies/000.png",
                     .masks = {"pushpins/ground_truth/logical_anomalies/000/000.png",
                               "pushpins/ground_truth/logical_anomalies/000/001.png"},
                     .anomalous = {{0, 0, 2, 2}, {5, 5, 6, 6}, {1, 1, 4, 4}},
                     .saturation = areas},
                    {.id = "pushpins/test/structural_anomalies/000",
                     .image = "pushpins/test/structural_anomalies/000.png",
                     .masks = {"pushpins/ground_truth/structural_anomalies/000/000.png"},
                     .anomalous = {{7, 7, 9, 9}},
                     .saturation = areas},
                    {.id = "pushpins/train/good/000", .image = "pushpins/train/good/000.png"},
                    {.id = "pushpins/validation/good/000",
                     .image = "pushpins/validation/good/000.png"}},
        .layout = "loco"};
}

}  // namespace patchead
