#pragma once

#include "native_set.hpp"

/// \file
/// \brief Data sets in MVTec's layout, and a user's own folders.

namespace patchead {

/// A tree in MVTec's layout with one category and one defect.
inline NativeSet mvtec_tree(const std::string& folder, const std::string& category,
                            const std::string& defect, const std::string& layout = "mvtec") {
    const auto in = [=](const std::string& file) { return category + "/" + file; };
    return {.folder = folder,
            .draw =
                [=](TreeWriter& tree) {
                    const auto file = [&](const std::string& name) {
                        return folder + "/" + in(name);
                    };
                    tree.images({file("train/good/000.png"), file("train/good/001.PNG"),
                                 file("test/good/000.png"), file("test/" + defect + "/000.png")});
                    tree.mask(file("ground_truth/" + defect + "/000_mask.png"), {{1, 2, 4, 6}});
                    tree.mask(file("ground_truth/good/000_mask.png"), {});
                },
            .samples = {{in("test/" + defect + "/000"),
                         in("test/" + defect + "/000.png"),
                         {in("ground_truth/" + defect + "/000_mask.png")},
                         {{1, 2, 4, 6}}},
                        {in("test/good/000"), in("test/good/000.png")},
                        {in("train/good/000"), in("train/good/000.png")},
                        {in("train/good/001"), in("train/good/001.PNG")}},
            .layout = layout};
}

inline NativeSet mvtec_set() {
    auto set = mvtec_tree("MVTec-AD", "bottle", "contamination");
    set.notes = {"not here: cable", "published: 209 train"};
    return set;
}

inline NativeSet mpdd_set() { return mvtec_tree("MPDD", "tubes", "anomalous"); }

inline NativeSet dtd_synthetic_set() {
    return {.folder = "DTD-Synthetic",
            .draw =
                [](TreeWriter& tree) {
                    const std::string category = "DTD-Synthetic/inner/Woven_001/";
                    tree.images({category + "Train/good/0.png", category + "Test/bad/1.png"});
                    tree.mask(category + "ground_truth/bad/1.png", {{0, 0, 9, 1}});
                },
            .samples = {{"Woven_001/test/bad/1",
                         "inner/Woven_001/Test/bad/1.png",
                         {"inner/Woven_001/ground_truth/bad/1.png"},
                         {{0, 0, 9, 1}}},
                        {"Woven_001/train/good/0", "inner/Woven_001/Train/good/0.png"}},
            .layout = "mvtec"};
}

inline NativeSet btad_set() {
    return {.folder = "BTech_Dataset_transformed",
            .draw =
                [](TreeWriter& tree) {
                    const std::string root = "BTech_Dataset_transformed/";
                    tree.images({root + "01/train/ok/0000.bmp", root + "01/test/ko/0000.bmp",
                                 root + "02/test/ok/0001.png"});
                    tree.mask(root + "01/ground_truth/ko/0000.png", {{2, 0, 3, 12}});
                },
            .samples = {{"01/test/ko/0000",
                         "01/test/ko/0000.bmp",
                         {"01/ground_truth/ko/0000.png"},
                         {{2, 0, 3, 12}}},
                        {"01/train/good/0000", "01/train/ok/0000.bmp"},
                        {"02/test/good/0001", "02/test/ok/0001.png"}},
            .layout = "ok-ko"};
}

inline NativeSet mvtec_like_set() {
    auto set = mvtec_tree("mvtec_like", "metal nut", "dent");
    set.needs_masks = false;
    return set;
}

inline NativeSet folder_set() {
    return {.folder = "folder",
            .draw =
                [](TreeWriter& tree) {
                    tree.images({"folder/cap/normal/a.jpg", "folder/cap/normal_test/b.jpg",
                                 "folder/cap/abnormal/c.tiff"});
                    tree.mask("folder/cap/mask/c.png", {{0, 0, 1, 1}, {8, 11, 9, 12}});
                },
            .samples = {{"cap/test/abnormal/c",
                         "cap/abnormal/c.tiff",
                         {"cap/mask/c.png"},
                         {{0, 0, 1, 1}, {8, 11, 9, 12}}},
                        {"cap/test/good/b", "cap/normal_test/b.jpg"},
                        {"cap/train/good/a", "cap/normal/a.jpg"}},
            .layout = "normal-abnormal",
            .needs_masks = false};
}

}  // namespace patchead
