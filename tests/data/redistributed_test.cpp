#include <vector>

#include "native_trees.hpp"
#include "patchead/data/check.hpp"

/// \file
/// \brief Layouts in which people pass data sets on are named, with the mend.

namespace patchead {
namespace {

/// A tree, and what is said of it as data set `name`.
struct Case {
    const char* label;
    const char* name;
    std::vector<std::string> files;
    std::vector<std::string> parts;
};

void PrintTo(const Case& shown, std::ostream* out) { *out << shown.label; }

class Redistributed : public NativeTree, public testing::WithParamInterface<Case> {};

TEST_P(Redistributed, IsNamedWithTheMend) {
    add(GetParam().files);
    const auto check = check_dataset(GetParam().name, folder_, {}, {.read_files = false});
    std::string text;
    for (const auto& finding : check.findings) { text += finding.text + "\n"; }
    for (const auto& part : GetParam().parts) {
        EXPECT_NE(text.find(part), std::string::npos) << text;
    }
}

const Case kCases[] = {
    {"merged_labels",
     "mvtec-like",
     {"a/train/good/0.png", "a/test/0/0.png", "a/test/1/1.png"},
     {"would be misread", "test/0 and test/1", "rename test/0 to test/good"}},
    {"merged_labels_of_a_published_set",
     "mvtec",
     {"bottle/train/good/0.png", "bottle/test/0/0.png", "bottle/test/1/1.png"},
     {"no mask", "test/0 and test/1"}},
    {"merged_types",
     "mvtec-like",
     {"a/train/good/0.png", "a/test/bad/000.png", "a/test/bad/000(1).png"},
     {"merged into one folder", "000(1).png"}},
    {"nested",
     "mvtec-like",
     {"a/train/good/0.png", "a/train/test/bad/1.png", "a/train/ground_truth/bad/1.png"},
     {"the test split inside train/", "move train/test"}},
    {"images_and_masks_of_a_category",
     "mvtec-like",
     {"a/train/images/0.png", "a/test/images/1.png", "a/test/masks/1.png"},
     {"would be misread", "{images,masks}", "sort test/images"}},
    {"images_and_masks",
     "mvtec-like",
     {"train/images/0.png", "train/masks/0.png", "val/images/1.png", "test/images/2.png"},
     {"{images,masks}"}},
    {"defects_in_train",
     "mvtec-like",
     {"a/train/good/0.png", "a/train/dent/1.png", "a/test/good/2.png"},
     {"defects in train", "a/train/dent/1.png", "test/<defect>"}},
    {"jpeg_masks",
     "mvtec-like",
     {"a/train/good/0.png", "a/test/dent/1.png", "a/ground_truth/dent/1_mask.jpg"},
     {"JPEG masks", "1_mask.jpg"}},
    {"heat_maps",
     "mvtec",
     {"bottle/train/good/0.png", "bottle/test/good/000_heatmap.png"},
     {"heat maps", "move them away"}},
    {"heat_map_folder",
     "mvtec",
     {"bottle/train/good/0.png", "bottle/anomaly_maps/000.png"},
     {"heat maps"}},
    {"resized",
     "mvtec",
     {"bottle/train/good/0.png", "bottle/resized/train/good/0.png"},
     {"resized or augmented"}},
    {"rgb_and_depth",
     "mvtec-like",
     {"a/train/good/rgb/0.png", "a/train/good/xyz/0.tiff", "a/test/hole/rgb/1.png",
      "a/test/hole/gt/1.png"},
     {"MVTec 3D", "use --dataset mvtec-3d"}},
    {"ad_2",
     "mvtec-like",
     {"a/train/good/0.png", "a/test_public/good/0.png", "a/test_public/bad/1.png",
      "a/test_private/000_regular.png"},
     {"MVTec AD 2", "use --dataset mvtec-ad2"}},
    {"loco",
     "mvtec-like",
     {"a/train/good/0.png", "a/test/logical_anomalies/000.png",
      "a/ground_truth/logical_anomalies/000/000.png"},
     {"folder of masks for each image", "use --dataset loco", "no masks"}},
    {"flat_loco",
     "mvtec-like",
     {"a/train/good/0.png", "a/test/logical_anomalies/000.png",
      "a/ground_truth/logical_anomalies/000_000.png"},
     {"laid flat", "no image for the mask"}},
    {"yolo",
     "mvtec-like",
     {"data.yaml", "train/images/0.jpg", "train/labels/0.txt", "test/images/1.jpg"},
     {"YOLO", "boxes are no masks"}},
    {"yolo_in_a_category",
     "mvtec-like",
     {"a/train/images/0.jpg", "a/test/images/1.jpg", "a/test/labels/1.txt"},
     {"would be misread", "YOLO"}},
    {"yolo_by_kind",
     "folder",
     {"images/train/0.jpg", "labels/train/0.txt", "images/val/1.jpg"},
     {"YOLO"}},
    {"coco", "folder", {"train/0.jpg", "train/_annotations.coco.json"}, {"COCO"}},
    {"other_spelling",
     "mvtec-like",
     {"a/Train/good/0.png", "a/Test/good/0.png"},
     {"spelled otherwise", "lower case"}},
    {"ok_for_good",
     "mvtec-like",
     {"a/train/good/0.png", "a/test/ok/0.png", "a/test/ng/1.png"},
     {"would be misread", "another name than test/good"}},
    {"copies",
     "folder",
     {"normal/a.jpg", "normal/Copy of a.jpg", "abnormal/0.jpg"},
     {"copies of files", "Copy of a.jpg"}},
    {"copies_of_a_browser",
     "mvtec-like",
     {"a/train/good/x.png", "a/train/good/x (1).png"},
     {"copies of files", "x (1).png"}},
};

INSTANTIATE_TEST_SUITE_P(Layouts, Redistributed, testing::ValuesIn(kCases),
                         [](const auto& entry) { return std::string(entry.param.label); });

using NoLayout = NativeTree;

TEST_F(NoLayout, IsNamedWhereNamesOnlyLookAlike) {
    add({"mvtec-like/a/train/good/Image (1).png", "mvtec-like/a/train/good/Image (2).png",
         "mvtec-like/a/test/good/1.png", "mvtec-like/a/test/0/2.png", "mvtec-like/a/test/1/3.png",
         "mvtec-like/a/ground_truth/0/2.png", "mvtec-like/a/ground_truth/1/3.png"});
    EXPECT_TRUE(index_dataset("mvtec-like", folder_, {}).notes.empty());
    add({"dagm/Class1/Train/1.PNG", "dagm/Class1/Train/Label/1_label.PNG",
         "dagm/Class1/Train/2.webp"});
    EXPECT_FALSE(has_note("dagm", "looks like"));
    add({"btad/01/train/ok/0.bmp", "btad/01/test/ok/1.bmp"});
    EXPECT_FALSE(has_note("btad", "looks like"));
}

}  // namespace
}  // namespace patchead
