#include "native_trees.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

class Dagm : public NativeTree {
  protected:
    void SetUp() override {
        NativeTree::SetUp();
        add({root_ + "Train/0576.PNG", root_ + "Train/0577.PNG",
             root_ + "Train/Label/0577_label.PNG", root_ + "Test/0001.PNG", root_ + "Test/0002.PNG",
             root_ + "Test/Label/0002_label.PNG"});
        write_bytes(folder_ / (root_ + "Test/Label/Labels.txt"),
                    "1\r\n1\t0\t0001.PNG\t0\t0\r\n2\t1\t0002.PNG\t0\t0002_label.PNG\r\n");
        litter({root_ + "Train", root_ + "Test", root_ + "Test/Label"});
    }

    std::string root_ = "DAGM_KaggleUpload/Class10/";
};

TEST_F(Dagm, CallsDefectiveWhatHasALabelInBothSplits) {
    add({"DAGM_KaggleUpload/Class2/Test/0001.PNG",
         "DAGM_KaggleUpload/Class2/Test/Label/Labels.txt"});
    EXPECT_EQ(records("dagm"), (std::vector<Record>{
                                   {"Class10/test/defect/0002", true, "Class10/Test/0002.PNG",
                                    "Class10/Test/Label/0002_label.PNG"},
                                   {"Class10/test/good/0001", false, "Class10/Test/0001.PNG", ""},
                                   {"Class10/train/defect/0577", true, "Class10/Train/0577.PNG",
                                    "Class10/Train/Label/0577_label.PNG"},
                                   {"Class10/train/good/0576", false, "Class10/Train/0576.PNG", ""},
                                   {"Class2/test/good/0001", false, "Class2/Test/0001.PNG", ""},
                               }));
    EXPECT_EQ(count_images(index_dataset("dagm", folder_, {}).samples).at("Class10"),
              (ImageCounts{2, 1, 1}));
}

TEST_F(Dagm, NotesALabelThatLabelsTxtDoesNotKnow) {
    EXPECT_FALSE(has_note("dagm", "Labels.txt"));
    add({root_ + "Test/Label/0001_label.PNG"});
    EXPECT_TRUE(has_note("dagm", "Test/0001.PNG: has a label image, but Labels.txt"));
}

TEST_F(Dagm, RefusesWhatWouldSilentlyBeNormal) {
    fs::remove(folder_ / (root_ + "Test/Label/0002_label.PNG"));
    expect_error("dagm", {"no label image", "Class10/Test/0002.PNG", "unpack"});
    fs::remove_all(folder_ / (root_ + "Test/Label"));
    expect_error("dagm", {"Class10/Test/Label", "unpack"});
}

TEST_F(Dagm, NamesALabelWithoutImage) {
    add({root_ + "Train/Label/0999_label.PNG"});
    expect_error("dagm", {"no image for the mask", "0999_label.PNG"});
}

TEST_F(Dagm, SaysWhatToPassFromEveryWrongLevel) {
    const auto root = folder_ / "DAGM_KaggleUpload";
    expect_error("dagm", {"pass '" + root.string() + "'"}, root / "Class10/Test");
    fs::rename(root, folder_ / "textures");
    expect_error("dagm", {"pass '" + (folder_ / "textures").string() + "'"});
}

}  // namespace
}  // namespace patchead
