#include "native_trees.hpp"
#include "patchead/data/check.hpp"
#include "patchead/data/folder.hpp"

/// \file
/// \brief Whatever lies in a data set and is no sample is said, with count and example.

namespace patchead {
namespace {

namespace fs = std::filesystem;

class LeftOutImages : public NativeTree {
  protected:
    void SetUp() override {
        NativeTree::SetUp();
        add({"set/a/train/good/0.png", "set/a/test/good/0.png", "set/a/test/dent/0.png",
             "set/a/ground_truth/dent/0_mask.png"});
    }

    std::vector<LeftOut> left_out(const std::string& name = "mvtec-like",
                                  const std::vector<std::string>& categories = {},
                                  const std::string& root = "set") const {
        return index_dataset(name, folder_ / root, categories).left_out;
    }

    /// One reason, with this count, of which the text has all `parts`.
    static void expect_one(const std::vector<LeftOut>& found, std::size_t count,
                           const std::vector<std::string>& parts) {
        ASSERT_EQ(found.size(), 1U) << (found.empty() ? "" : describe(found.back()));
        EXPECT_EQ(found[0].count, count);
        for (const auto& part : parts) {
            EXPECT_NE(describe(found[0]).find(part), std::string::npos) << describe(found[0]);
        }
    }
};

TEST_F(LeftOutImages, AreNoneInASoundSetAndTextsAndLitterAreNone) {
    litter({"set", "set/a", "set/a/train", "set/a/test/dent", "set/papers"});
    add({"set/license", "set/a/LICENSE", "set/a/test/info.json", "set/__MACOSX/a/0.png",
         "set/a/test/@eaDir/0.jpg", "set/a/ground_truth/good/0_mask.png", "set/mvtec/b/0.png"});
    fs::create_directories(folder_ / "set/a/ground_truth/good");
    EXPECT_TRUE(left_out().empty()) << "something is left out";
}

TEST_F(LeftOutImages, AreImagesOfFormatsThatAreNotRead) {
    add({"set/a/test/dent/1.WebP", "set/a/test/dent/2.webp"});
    expect_one(left_out(), 2, {"a: 2 images left out", "(webp)", "1.WebP", "convert"});
    for (const std::string suffix : {"gif", "npy", "heic", "jp2"}) {
        add({"set/a/train/good/9." + suffix});
    }
    EXPECT_EQ(left_out().size(), 5U);
}

TEST_F(LeftOutImages, AreImagesWhoseSuffixSaysNothing) {
    write_bytes(folder_ / "set/a/test/dent/7", "\x89PNG\r\n\x1a\n....");
    expect_one(left_out(), 1, {"without a suffix", "dent/7"});
    write_bytes(folder_ / "set/a/test/dent/7.part", "\x89PNG\r\n\x1a\n....");
    EXPECT_EQ(left_out().size(), 2U);
}

TEST_F(LeftOutImages, AreImagesThatLieDeeper) {
    add({"set/a/test/dent/day1/1.png", "set/a/train/good/day2/x/2.png"});
    expect_one(left_out(), 2, {"deeper", "day1/1.png", "move them up"});
}

TEST_F(LeftOutImages, AreImagesBesideFolders) {
    add({"set/a/test/1.png", "set/a/preview.jpg", "set/a/validation/good/0.png"});
    expect_one(left_out(), 3, {"where the layout has no images", "a/test/1.png"});
}

TEST_F(LeftOutImages, AreCategoriesThatWerePassedOver) {
    add({"set/b/Train/good/0.png", "set/b/Test/good/0.png", "set/b/Test/bad/1.png"});
    expect_one(left_out(), 3, {"b: 3 images left out", "no category"});
    EXPECT_TRUE(left_out("mvtec-like", {"a"}).empty()) << "others were not asked for";
}

TEST_F(LeftOutImages, AreFoldersOfDefectsWithoutImages) {
    fs::create_directories(folder_ / "set/a/test/hole");
    expect_one(left_out(), 1, {"1 folder left out", "without an image", "a/test/hole"});
    add({"set/a/test/hole/notes.txt"});
    EXPECT_EQ(left_out().size(), 1U);
}

TEST_F(LeftOutImages, AreToldOfPublishedSetsToo) {
    add({"dagm/Class1/Test/0001.PNG", "dagm/Class1/Test/Label/Labels.txt",
         "dagm/Class1/Test/0002.webp"});
    expect_one(left_out("dagm", {}, "dagm"), 1, {"0002.webp"});
    add({"visa/candle/Data/Images/Normal/0.JPG", "visa/candle/Data/Images/Spare/1.JPG"});
    expect_one(left_out("visa", {}, "visa"), 1, {"candle: 1 image", "Spare/1.JPG"});
}

TEST_F(LeftOutImages, AreFoundInFoldersThatLieApart) {
    add({"n/0.png", "n/old/1.png", "bad/0.png", "bad/1.gif"});
    const auto index = index_folders({folder_ / "n", folder_ / "bad", {}, {}});
    ASSERT_EQ(index.left_out.size(), 2U);
    EXPECT_EQ(index.left_out[0].where, (folder_ / "n").string());
    EXPECT_EQ(index.left_out[1].examples, (std::vector<std::string>{"1.gif"}));
}

TEST_F(LeftOutImages, AreWalkedOnceThroughALink) {
    fs::create_directory_symlink(folder_ / "set", folder_ / "set/a/test/loop");
    EXPECT_TRUE(left_out().empty());
}

TEST_F(LeftOutImages, AreSummedUpShortly) {
    add({"set/b/x/0.png", "set/c/x/0.png", "set/c/x/1.png"});
    const auto notes = summarise(left_out());
    ASSERT_EQ(notes.size(), 1U);
    EXPECT_NE(notes[0].find("3 images left out, lying in no category (e.g. 'b/x/0.png')"),
              std::string::npos)
        << notes[0];
    const auto check = check_dataset("mvtec-like", folder_ / "set", {}, {.read_files = false});
    EXPECT_EQ(check.findings.size(), 2U);
}

}  // namespace
}  // namespace patchead
