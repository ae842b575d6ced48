#include <algorithm>

#include "mvtec_like.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

TEST_F(MvtecLike, IsSortedById) {
    EXPECT_EQ(ids(), (std::vector<std::string>{"bolt/test/crack/000", "bolt/test/good/000",
                                               "bolt/train/good/000", "bolt/train/good/001",
                                               "nut/test/crack/000", "nut/test/good/000",
                                               "nut/train/good/000", "nut/train/good/001"}));
}

TEST_F(MvtecLike, SortsBytesNotLetters) {
    add("bolt/test/good/a.png");
    add("bolt/test/good/B.png");
    add("bolt/test/good/\xc3\xa4.png");
    const auto found = ids({"bolt"});
    EXPECT_EQ(std::vector(found.begin() + 1, found.begin() + 5),
              (std::vector<std::string>{"bolt/test/good/000", "bolt/test/good/B",
                                        "bolt/test/good/a", "bolt/test/good/\xc3\xa4"}));
}

TEST_F(MvtecLike, FillsInEveryField) {
    const auto found = index({"nut"});
    EXPECT_EQ(found.dataset, "mvtec-like");
    EXPECT_EQ(found.layout, "mvtec");
    EXPECT_EQ(found.root, root_);
    EXPECT_TRUE(found.notes.empty());
    ASSERT_EQ(found.samples.size(), 4U);
    EXPECT_EQ(found.samples[0], (Sample{.id = "nut/test/crack/000",
                                        .dataset = "mvtec-like",
                                        .category = "nut",
                                        .split = "test",
                                        .defect_type = "crack",
                                        .anomalous = true,
                                        .image = root_ / "nut/test/crack/000.png",
                                        .mask = root_ / "nut/ground_truth/crack/000_mask.png",
                                        .crop = {},
                                        .digest = {}}));
    EXPECT_EQ(found.samples[2].split, "train");
    EXPECT_EQ(found.samples[2].defect_type, "good");
    EXPECT_FALSE(found.samples[2].anomalous);
    EXPECT_TRUE(found.samples[2].mask.empty());
}

TEST_F(MvtecLike, SkipsWhatIsNoData) {
    const auto before = ids();
    for (const std::string name : {"Thumbs.db", ".DS_Store", ".hidden.png", "._000.png",
                                   "readme.txt", "license", "000.png.part"}) {
        add("nut/test/crack/" + name);
        add("nut/ground_truth/crack/" + name);
        add("nut/train/good/" + name);
        add("nut/" + name);
        add(name);
    }
    add(".cache/test/good/000.png");
    add("papers/figure.png");
    fs::create_directories(root_ / "nut/test/folder.png");
    EXPECT_EQ(ids(), before);
}

TEST_F(MvtecLike, TakesSuffixesInAnyCase) {
    for (const std::string name : {"a.PNG", "b.JPG", "c.Jpeg", "d.BMP", "e.tif", "f.TIFF"}) {
        add("nut/train/good/" + name);
    }
    EXPECT_EQ(ids({"nut"}).size(), 4U + 6U);
}

TEST_F(MvtecLike, PairsMasksByStemWithAnySuffix) {
    add("nut/test/crack/010.JPG");
    add("nut/ground_truth/crack/010.bmp");
    add("nut/test/crack/v1.2.png");
    add("nut/ground_truth/crack/v1.2_mask.PNG");
    const auto found = index({"nut"}).samples;
    ASSERT_EQ(found.size(), 6U);
    EXPECT_EQ(found[1].mask, root_ / "nut/ground_truth/crack/010.bmp");
    EXPECT_EQ(found[2].id, "nut/test/crack/v1.2");
    EXPECT_EQ(found[2].mask, root_ / "nut/ground_truth/crack/v1.2_mask.PNG");
}

TEST_F(MvtecLike, IgnoresMasksOfGoodImages) {
    add("nut/ground_truth/good/000_mask.png");
    add("nut/ground_truth/good/777_mask.png");
    for (const auto& sample : index().samples) {
        EXPECT_EQ(sample.mask.empty(), !sample.anomalous);
    }
}

TEST_F(MvtecLike, TakesACategoryWithoutTrainingOrWithoutDefects) {
    add("untrained/test/good/000.png");
    add("untested/train/good/000.png");
    EXPECT_EQ(ids({"untrained", "untested"}),
              (std::vector<std::string>{"untested/train/good/000", "untrained/test/good/000"}));
}

TEST_F(MvtecLike, NotesDefectiveImagesWithoutMask) {
    add("nut/test/crack/005.png");
    fs::remove_all(root_ / "bolt/ground_truth");
    const auto found = index();
    EXPECT_TRUE(found.samples[0].mask.empty());
    EXPECT_EQ(found.notes,
              (std::vector<std::string>{
                  "bolt: no masks, so no pixel-level metrics",
                  "nut: 1 of 2 anomalous images have no mask, so no pixel-level metrics (e.g. '" +
                      (root_ / "nut/test/crack/005.png").string() + "'); add the masks"}));
}

TEST_F(MvtecLike, NamesAMaskWithoutImage) {
    add("nut/ground_truth/crack/009_mask.png");
    expect_error({"no image", "nut/ground_truth/crack/009_mask.png"});
}

TEST_F(MvtecLike, NamesAMaskOfADefectWithoutImages) {
    add("nut/ground_truth/hole/000_mask.png");
    expect_error({"no image", "nut/ground_truth/hole/000_mask.png"});
}

TEST_F(MvtecLike, RefusesTwoMasksOfOneImage) {
    add("nut/ground_truth/crack/000.png");
    expect_error({"two masks", "000"});
    fs::remove(root_ / "nut/ground_truth/crack/000.png");
    add("nut/ground_truth/crack/000_mask.bmp");
    expect_error({"two masks", "000_mask.bmp"});
}

TEST_F(MvtecLike, RefusesTwoImagesOfOneStem) {
    add("nut/train/good/000.jpg");
    expect_error({"two images", "000.jpg", "000.png"});
}

TEST_F(MvtecLike, RefusesACategoryWithoutImages) {
    fs::create_directories(root_ / "empty/train/good");
    expect_error({"no images", "empty"});
}

TEST_F(MvtecLike, NamesTheNearestCategory) {
    const auto message = message_of<DataError>([&] { static_cast<void>(index({"bold"})); });
    EXPECT_NE(message.find("did you mean 'bolt'"), std::string::npos) << message;
}

class Mvtec : public FolderTest {
  protected:
    void add(const std::string& folder, int images) const {
        for (int i = 0; i < images; ++i) {
            write_bytes(folder_ / "mvtec_ad" / folder / concat(100 + i, ".png"), "x");
        }
    }
};

TEST_F(Mvtec, HasNoNoteForACategoryWithTheOfficialCounts) {
    add("toothbrush/train/good", 60);
    add("toothbrush/test/good", 12);
    add("toothbrush/test/defective", 30);
    add("toothbrush/ground_truth/defective", 30);
    const std::vector<std::string> categories{"toothbrush"};
    EXPECT_TRUE(index_dataset("mvtec", folder_, categories).notes.empty());
    add("toothbrush/train/good", 59 + 2);
    const auto notes = index_dataset("mvtec", folder_, categories).notes;
    ASSERT_EQ(notes.size(), 1U);
    EXPECT_EQ(notes[0],
              "toothbrush: 61 train, 12 normal and 30 anomalous test images; published: 60 train, "
              "12 normal and 30 anomalous test images; if it should be whole, unpack it again");
}

TEST_F(Mvtec, RefusesADefectiveImageWithoutMask) {
    add("bottle/train/good", 1);
    add("bottle/test/broken_large", 1);
    const auto message =
        message_of<DataError>([&] { static_cast<void>(index_dataset("mvtec", folder_, {})); });
    EXPECT_NE(message.find("no mask for the image"), std::string::npos) << message;
}

TEST_F(Mvtec, NotesCategoriesThatAreNotPublishedOrMissing) {
    add("bottle/train/good", 209);
    add("toothpick/train/good", 1);
    const auto notes = index_dataset("mvtec", folder_, {}).notes;
    ASSERT_EQ(notes.size(), 3U);
    EXPECT_NE(notes[0].find("bottle: 209 train, 0 normal"), std::string::npos) << notes[0];
    EXPECT_NE(notes[1].find("toothpick"), std::string::npos) << notes[1];
    EXPECT_NE(notes[2].find("not here: cable, capsule"), std::string::npos) << notes[2];
}

TEST_F(Mvtec, IsNotTakenForAnyOtherSetOfItsLayout) {
    add("toothpick/train/good", 1);
    const auto message =
        message_of<DataError>([&] { static_cast<void>(index_dataset("mvtec", folder_, {})); });
    EXPECT_NE(message.find("unpack the archive again"), std::string::npos) << message;
    EXPECT_EQ(index_dataset("mvtec-like", folder_ / "mvtec_ad", {}).samples.size(), 1U);
}

TEST(RealMvtec, ScrewHasItsTestSplitAndLacksTrainingImages) {
    SKIP_WITHOUT_SHARED();
    const std::vector<std::string> screw{"screw"};
    const auto index = index_dataset("mvtec", shared_folder() / "datasets/mvtec_ad_512", screw);
    EXPECT_EQ(index.samples.size(), 280U);
    EXPECT_EQ(std::ranges::count(index.samples, true, &Sample::anomalous), 119);
    EXPECT_EQ(std::ranges::count(index.samples, std::string("train"), &Sample::split), 120);
    ASSERT_EQ(index.notes.size(), 1U);
    EXPECT_NE(index.notes[0].find("120 train"), std::string::npos) << index.notes[0];
    const auto above = message_of<DataError>(
        [&] { static_cast<void>(index_dataset("mvtec", shared_folder() / "datasets", screw)); });
    EXPECT_NE(above.find("datasets/mvtec_ad_512'"), std::string::npos) << above;
}

}  // namespace
}  // namespace patchead
