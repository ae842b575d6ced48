#pragma once

#include <array>
#include <cctype>

#include "native_set.hpp"

/// \file
/// \brief Data sets of factories: AutoVI, KolektorSDD2 and magnetic tiles.

namespace patchead {

/// As LOCO: a folder of masks for each defective image.
inline NativeSet autovi_set() {
    const std::string inner = "pipe_clip/";
    return {
        .folder = "AutoVI",
        .draw =
            [](TreeWriter& tree) {
                const std::string root = "AutoVI/pipe_clip/";
                tree.images({root + "train/good/0000.png", root + "test/good/0000.png",
                             root + "test/operator/0001.png"});
                tree.image(root + "test/unclipped/0002.png");
                tree.mask(root + "ground_truth/unclipped/0002/0000.png", {{1, 1, 3, 4}});
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
                    {.id = "pipe_clip/test/unclipped/0002",
                     .image = inner + "test/unclipped/0002.png",
                     .masks = {inner + "ground_truth/unclipped/0002/0000.png"},
                     .anomalous = {{1, 1, 3, 4}},
                     .saturation = "254=1r 255=3"},
                    {.id = "pipe_clip/train/good/0000", .image = inner + "train/good/0000.png"}},
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
    NativeSet set{
        .folder = "Magnetic-tile-defect-datasets.",
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
