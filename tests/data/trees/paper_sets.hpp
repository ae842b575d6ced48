#pragma once

#include "native_set.hpp"

/// \file
/// \brief The seven data sets of the paper, and a user's own.

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

/// Raw; the levels of its masks are classes.
inline NativeSet visa_set() {
    return {.folder = "VisA",
            .draw =
                [](TreeWriter& tree) {
                    const std::string data = "VisA/candle/Data/";
                    tree.images({data + "Images/Normal/0000.JPG", data + "Images/Normal/0001.JPG",
                                 data + "Images/Anomaly/000.JPG"});
                    tree.mask(data + "Masks/Anomaly/000.png", {{3, 3, 5, 5}}, 2);
                    tree.text("VisA/split_csv/1cls.csv",
                              "object,split,label,image,mask\r\n"
                              "candle,train,normal,candle/Data/Images/Normal/0001.JPG,\r\n"
                              "candle,test,normal,candle/Data/Images/Normal/0000.JPG,\r\n"
                              "candle,test,anomaly,candle/Data/Images/Anomaly/000.JPG,"
                              "candle/Data/Masks/Anomaly/000.png\r\n");
                },
            .samples = {{"candle/test/bad/000",
                         "candle/Data/Images/Anomaly/000.JPG",
                         {"candle/Data/Masks/Anomaly/000.png"},
                         {{3, 3, 5, 5}}},
                        {"candle/test/good/0000", "candle/Data/Images/Normal/0000.JPG"},
                        {"candle/train/good/0001", "candle/Data/Images/Normal/0001.JPG"}},
            .layout = "raw, split_csv/1cls.csv"};
}

/// Six normal parts, of which the documented shuffle tests the first two (ksdd_test.cpp).
inline NativeSet ksdd_set() {
    const auto part = [](const std::string& id, const std::string& file, int number,
                         const std::vector<Box>& boxes) {
        ExpectedSample sample{"ksdd/" + id + "#" + std::to_string(number), "kos" + file + ".png"};
        sample.crop = CropRows{3 * number, 3 * number + 3};
        if (!boxes.empty()) { sample.masks = {"kos" + file + "_label.png"}; }
        sample.anomalous = boxes;
        return sample;
    };
    return {
        .folder = "KolektorSDD",
        .draw =
            [](TreeWriter& tree) {
                const std::string root = "KolektorSDD/kos";
                tree.images({root + "01/Part0.png", root + "01/Part1.png", root + "02/Part0.png"});
                tree.mask(root + "01/Part0_label.png", {});
                tree.mask(root + "01/Part1_label.png", {{3, 0, 4, 2}, {6, 0, 7, 2}});
                tree.mask(root + "02/Part0_label.png", {{2, 5, 3, 6}});
            },
        .samples = {part("test/defect/kos01_Part1", "01/Part1", 1, {{0, 0, 1, 2}}),
                    part("test/defect/kos01_Part1", "01/Part1", 2, {{0, 0, 1, 2}}),
                    part("test/defect/kos02_Part0", "02/Part0", 0, {{2, 5, 3, 6}}),
                    part("test/good/kos01_Part0", "01/Part0", 0, {}),
                    part("test/good/kos01_Part0", "01/Part0", 1, {}),
                    part("train/good/kos01_Part0", "01/Part0", 2, {}),
                    part("train/good/kos01_Part1", "01/Part1", 0, {}),
                    part("train/good/kos02_Part0", "02/Part0", 1, {}),
                    part("train/good/kos02_Part0", "02/Part0", 2, {})},
        .layout = "native"};
}

/// A defective image among the training images.
inline NativeSet dagm_set() {
    return {.folder = "DAGM_KaggleUpload",
            .draw =
                [](TreeWriter& tree) {
                    const std::string root = "DAGM_KaggleUpload/Class3/";
                    tree.images({root + "Train/0001.PNG", root + "Train/0002.PNG",
                                 root + "Test/0003.PNG", root + "Test/0004.PNG"});
                    tree.mask(root + "Train/Label/0002_label.PNG", {{0, 0, 2, 2}});
                    tree.mask(root + "Test/Label/0004_label.PNG", {{5, 5, 8, 8}});
                    tree.text(root + "Test/Label/Labels.txt",
                              "1\n1 0 0003.PNG 0 0\n2 1 0004.PNG 0 0004_label.PNG\n");
                },
            .samples = {{"Class3/test/defect/0004",
                         "Class3/Test/0004.PNG",
                         {"Class3/Test/Label/0004_label.PNG"},
                         {{5, 5, 8, 8}}},
                        {"Class3/test/good/0003", "Class3/Test/0003.PNG"},
                        {"Class3/train/defect/0002",
                         "Class3/Train/0002.PNG",
                         {"Class3/Train/Label/0002_label.PNG"},
                         {{0, 0, 2, 2}}},
                        {"Class3/train/good/0001", "Class3/Train/0001.PNG"}},
            .layout = "dagm"};
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
