#include "native_trees.hpp"

/// \file
/// \brief The data sets that follow MVTec's layout, each with its own oddities.

namespace patchead {
namespace {

namespace fs = std::filesystem;

using Mpdd = NativeTree;
using Btad = NativeTree;
using DtdSynthetic = NativeTree;

TEST_F(Mpdd, HasAnyDefectNamesAndMasksWithOrWithoutSuffix) {
    add({"MPDD/tubes/train/good/000.png", "MPDD/tubes/test/good/000.png",
         "MPDD/tubes/test/flattening/000.png", "MPDD/tubes/ground_truth/flattening/000.png",
         "MPDD/tubes/ground_truth/good/000_mask.png", "MPDD/connector/test/parts_mismatch/000.png",
         "MPDD/connector/ground_truth/parts_mismatch/000_mask.png"});
    litter({"MPDD", "MPDD/tubes", "MPDD/tubes/test/good", "MPDD/tubes/ground_truth/flattening"});
    EXPECT_EQ(
        records("mpdd"),
        (std::vector<Record>{
            {"connector/test/parts_mismatch/000", true, "connector/test/parts_mismatch/000.png",
             "connector/ground_truth/parts_mismatch/000_mask.png"},
            {"tubes/test/flattening/000", true, "tubes/test/flattening/000.png",
             "tubes/ground_truth/flattening/000.png"},
            {"tubes/test/good/000", false, "tubes/test/good/000.png", ""},
            {"tubes/train/good/000", false, "tubes/train/good/000.png", ""}}));
    EXPECT_TRUE(has_note("mpdd", "not here: bracket_black, bracket_brown"));
}

TEST_F(Btad, CallsItsFoldersOkAndKoAndMixesSuffixes) {
    const std::string root = "BTech_Dataset_transformed/";
    add({root + "01/train/ok/0000.bmp", root + "01/test/ok/0000.bmp", root + "01/test/ko/0000.bmp",
         root + "01/ground_truth/ko/0000.png", root + "02/test/ko/0001.png",
         root + "02/ground_truth/ko/0001.png", root + "03/test/ko/0002.bmp",
         root + "03/ground_truth/ko/0002.bmp", root + "03/test/ok/0003.png",
         root + "03/ground_truth/ok/0003.bmp"});
    litter({root + "01/test/ko", root + "03/ground_truth/ko"});
    EXPECT_EQ(
        records("btad"),
        (std::vector<Record>{
            {"01/test/good/0000", false, "01/test/ok/0000.bmp", ""},
            {"01/test/ko/0000", true, "01/test/ko/0000.bmp", "01/ground_truth/ko/0000.png"},
            {"01/train/good/0000", false, "01/train/ok/0000.bmp", ""},
            {"02/test/ko/0001", true, "02/test/ko/0001.png", "02/ground_truth/ko/0001.png"},
            {"03/test/good/0003", false, "03/test/ok/0003.png", ""},
            {"03/test/ko/0002", true, "03/test/ko/0002.bmp", "03/ground_truth/ko/0002.bmp"}}));
    EXPECT_EQ(layout("btad"), "ok-ko");
}

TEST_F(Btad, RefusesAMaskWithoutImageAndAnImageWithoutMask) {
    add({"BTAD/01/train/ok/0.bmp", "BTAD/01/test/ko/1.bmp", "BTAD/01/ground_truth/ko/1.png",
         "BTAD/01/ground_truth/ko/2.png"});
    expect_error("btad", {"no image for the mask", "ground_truth/ko/2.png"});
    fs::remove(folder_ / "BTAD/01/ground_truth/ko/2.png");
    fs::remove(folder_ / "BTAD/01/ground_truth/ko/1.png");
    expect_error("btad", {"no mask for the image", "test/ko/1.bmp"});
}

TEST_F(DtdSynthetic, TakesFoldersInAnyCaseAndDepthAndBothNamesOfMasks) {
    const std::string root = "dtd-synthetic/DTD-Synthetic/";
    add({root + "Woven_001/Train/good/000.png", root + "Woven_001/Test/Good/000.png",
         root + "Woven_001/Test/bad/001.png", root + "Woven_001/Ground_Truth/bad/001.png",
         root + "Mesh_114/Mesh_114/train/good/005.png", root + "Mesh_114/Mesh_114/test/bad/006.png",
         root + "Mesh_114/Mesh_114/ground_truth/bad/006_mask.png"});
    litter({"dtd-synthetic", root + "Woven_001", root + "Woven_001/Test/bad"});
    add({"dtd-synthetic/__MACOSX/notes.txt"});
    const std::string mesh = "DTD-Synthetic/Mesh_114/Mesh_114/";
    const std::string woven = "DTD-Synthetic/Woven_001/";
    EXPECT_EQ(records("dtd-synthetic"),
              (std::vector<Record>{
                  {"Mesh_114/test/bad/006", true, mesh + "test/bad/006.png",
                   mesh + "ground_truth/bad/006_mask.png"},
                  {"Mesh_114/train/good/005", false, mesh + "train/good/005.png", ""},
                  {"Woven_001/test/bad/001", true, woven + "Test/bad/001.png",
                   woven + "Ground_Truth/bad/001.png"},
                  {"Woven_001/test/good/000", false, woven + "Test/Good/000.png", ""},
                  {"Woven_001/train/good/000", false, woven + "Train/good/000.png", ""}}));
    EXPECT_TRUE(has_note("dtd-synthetic", "1 normal and 2 anomalous test images; the paper: 357"));
}

TEST_F(DtdSynthetic, DoesNotTakeAnotherSetForItsOwnWrapper) {
    add({"mvtec/bottle/train/good/000.png", "mvtec/bottle/test/good/000.png"});
    expect_error("dtd-synthetic", {"no data set 'dtd-synthetic'", "pass "});
}

TEST_F(NativeTree, AHalfUnpackedSetIsNamedWithTheMend) {
    fs::create_directories(folder_ / "mpdd/tubes/train");
    expect_error("mpdd", {(folder_ / "mpdd").string(), "is there", "unpack the archive again"});
    add({"mpdd/tubes/train/good/000.png"});
    EXPECT_TRUE(has_note("mpdd", "tubes: 1 train, 0 normal and 0 anomalous test images"));
    EXPECT_TRUE(has_note("mpdd", "unpack it again"));
}

}  // namespace
}  // namespace patchead
