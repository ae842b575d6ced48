#pragma once

#include "native_set.hpp"

/// \file
/// \brief Real-IAD in all its splits, and a user's own split in its form.

namespace patchead {

/// Two good samples and a defective one, of two views each; of the latter one view shows no defect.
inline NativeSet real_iad_tree(const std::string& splits, const std::string& json,
                               std::vector<ExpectedSample> samples) {
    return {.folder = "Real-IAD",
            .draw =
                [=](TreeWriter& tree) {
                    const std::string root = "Real-IAD/realiad_1024/mint/";
                    for (const std::string sample : {"0001", "0002"}) {
                        for (const std::string view : {"C1", "C2"}) {
                            tree.image(root + "OK/S" + sample + "/mint_" + sample + "_OK_" + view +
                                       "_20231021.jpg");
                        }
                    }
                    const auto defective = root + "NG/QS/S0003/mint_0003_NG_QS_";
                    tree.images({defective + "C1_20231021.jpg", defective + "C2_20231021.jpg"});
                    tree.mask(defective + "C1_20231021_mask.png", {{2, 2, 5, 7}});
                    // As the archive unpacks, one level deeper.
                    tree.text(
                        "Real-IAD/" + splits + "/" + splits + "/mint.json",
                        R"({"meta": {"prefix": "mint/", "normal_class": "OK"}, )" + json + "}");
                    tree.text("Real-IAD/" + splits + "/" + splits + "/zipper.json",
                              R"({"meta": {"prefix": "zipper/", "normal_class": "OK"},
                                  "train": [], "test": []})");
                },
            .samples = std::move(samples),
            .layout = "realiad_1024, " + splits,
            .notes = {"not here: audiojack"}};
}

inline std::string real_iad_entry(const std::string& type, const std::string& path,
                                  const std::string& mask = "null") {
    return R"({"category": "mint", "anomaly_class": ")" + type + R"(", "image_path": ")" + path +
           R"(", "mask_path": )" + mask + "}";
}

inline const std::string kGoodOne = "OK/S0001/mint_0001_OK_";
inline const std::string kGoodTwo = "OK/S0002/mint_0002_OK_";
inline const std::string kDefective = "NG/QS/S0003/mint_0003_NG_QS_";
inline const std::string kTime = "_20231021.jpg";
inline const std::string kMask = "\"" + kDefective + "C1_20231021_mask.png\"";

inline ExpectedSample real_iad_sample(const std::string& place, const std::string& path) {
    const auto stem = path.substr(path.rfind('/') + 1);
    return {.id = "mint/" + place + "/" + stem + "_20231021",
            .image = "realiad_1024/mint/" + path + kTime,
            .group = stem.substr(0, stem.size() - 3)};
}

inline ExpectedSample real_iad_defect(const std::string& place) {
    auto sample = real_iad_sample(place, kDefective + "C1");
    sample.masks = {"realiad_1024/mint/" + kDefective + "C1_20231021_mask.png"};
    sample.anomalous = {{2, 2, 5, 7}};
    return sample;
}

inline NativeSet real_iad_set() {
    auto unseen = real_iad_sample("test/QS", kDefective + "C2");
    unseen.unseen = true;
    auto set = real_iad_tree(
        "realiad_jsons",
        R"("train": [)" + real_iad_entry("OK", kGoodOne + "C1" + kTime) + ", " +
            real_iad_entry("OK", kGoodOne + "C2" + kTime) + R"(], "test": [)" +
            real_iad_entry("QS", kDefective + "C2" + kTime) + ", " +
            real_iad_entry("QS", kDefective + "C1" + kTime, kMask) + ", " +
            real_iad_entry("OK", kGoodTwo + "C1" + kTime) + ", " +
            real_iad_entry("OK", kGoodTwo + "C2" + kTime) + "]",
        {real_iad_defect("test/QS"), unseen, real_iad_sample("test/good", kGoodTwo + "C1"),
         real_iad_sample("test/good", kGoodTwo + "C2"),
         real_iad_sample("train/good", kGoodOne + "C1"),
         real_iad_sample("train/good", kGoodOne + "C2")});
    set.notes.emplace_back("mint: 1 image anomalous by class and without mask");
    return set;
}

/// One view each; the others lie there and are told.
inline NativeSet real_iad_sv_set() {
    auto set = real_iad_tree(
        "realiad_jsons_sv",
        R"("train": [)" + real_iad_entry("OK", kGoodOne + "C1" + kTime) + R"(], "test": [)" +
            real_iad_entry("QS", kDefective + "C1" + kTime, kMask) + ", " +
            real_iad_entry("OK", kGoodTwo + "C1" + kTime) + "]",
        {real_iad_defect("test/QS"), real_iad_sample("test/good", kGoodTwo + "C1"),
         real_iad_sample("train/good", kGoodOne + "C1")});
    set.notes.emplace_back("3 images left out, in no split file");
    return set;
}

/// A defect among the training images, which count as normal.
inline NativeSet real_iad_fuiad_set(const std::string& ratio) {
    auto contaminated = real_iad_defect("train/QS");
    contaminated.is_anomalous = false;
    auto set = real_iad_tree("realiad_jsons_fuiad_" + ratio,
                             R"("train": [)" + real_iad_entry("OK", kGoodOne + "C1" + kTime) +
                                 ", " + real_iad_entry("QS", kDefective + "C1" + kTime, kMask) +
                                 R"(], "test": [)" +
                                 real_iad_entry("QS", kDefective + "C2" + kTime, kMask) + ", " +
                                 real_iad_entry("OK", kGoodTwo + "C1" + kTime) + "]",
                             {});
    auto tested = real_iad_sample("test/QS", kDefective + "C2");
    tested.masks = real_iad_defect("").masks;
    tested.anomalous = real_iad_defect("").anomalous;
    set.samples = {tested, real_iad_sample("test/good", kGoodTwo + "C1"), contaminated,
                   real_iad_sample("train/good", kGoodOne + "C1")};
    set.notes.emplace_back("mint: 1 image of a defect in the training images");
    set.notes.emplace_back("mint: 1 sample with views in both splits (e.g. 'mint_0003_NG_QS')");
    return set;
}

inline NativeSet own_splits_set() {
    return {.folder = "json_split",
            .draw =
                [](TreeWriter& tree) {
                    tree.images({"json_split/line 1/a/0.png", "json_split/line 1/b/0.png",
                                 "json_split/line 1/b/1.png", "json_split/line 1/b/2.png"});
                    tree.mask("json_split/line 1/b/1_defect.bmp", {{4, 4, 6, 6}});
                    tree.text("json_split/splits/cap.json",
                              R"({"meta": {"prefix": "line 1", "normal_class": "good one"},
                                  "train": [{"anomaly_class": "good one",
                                             "image_path": "a/0.png", "sample": "s1"}],
                                  "test": [{"anomaly_class": "good one", "image_path": "b/0.png"},
                                           {"anomaly_class": "scratch", "image_path": "b/1.png",
                                            "mask_path": "b/1_defect.bmp", "sample": "s2"}]})");
                },
            .samples = {{.id = "cap/test/good/b/0", .image = "line 1/b/0.png"},
                        {.id = "cap/test/scratch/b/1",
                         .image = "line 1/b/1.png",
                         .masks = {"line 1/b/1_defect.bmp"},
                         .anomalous = {{4, 4, 6, 6}},
                         .group = "s2"},
                        {.id = "cap/train/good/a/0", .image = "line 1/a/0.png", .group = "s1"}},
            .layout = "json-split",
            .notes = {"1 image left out, in no split file"}};
}

}  // namespace patchead
