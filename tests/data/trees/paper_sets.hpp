#pragma once

#include "native_set.hpp"

/// \file
/// \brief The paper's data sets in layouts of their own.

namespace patchead {

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

}  // namespace patchead
