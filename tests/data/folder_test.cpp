#include "patchead/data/folder.hpp"

#include "native_trees.hpp"
#include "patchead/data/check.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

class UserFolder : public NativeTree {
  protected:
    void SetUp() override {
        NativeTree::SetUp();
        for (int i = 0; i < 5; ++i) { add({concat("parts/fine/", i, ".jpg")}); }
        add({"elsewhere/broken/0.png", "masks/0_mask.png"});
        litter({"parts/fine", "elsewhere/broken", "masks"});
    }

    UserFolders folders() const {
        return {folder_ / "parts/fine", folder_ / "elsewhere/broken", folder_ / "masks", {}};
    }

    std::string error_of(const UserFolders& folders) const {
        return message_of<DataError>([&] { static_cast<void>(index_folders(folders)); });
    }
};

TEST_F(UserFolder, TestsAQuarterOfTheNormalImages) {
    const auto index = index_folders(folders());
    EXPECT_EQ(index.dataset, "folder");
    EXPECT_EQ(index.layout, "normal-abnormal");
    EXPECT_TRUE(index.notes.empty());
    EXPECT_EQ(count_all(index.samples), (ImageCounts{3, 2, 1}));
    EXPECT_EQ(index.samples[0].id, "folder/test/abnormal/0");
    EXPECT_EQ(index.samples[0].mask, folder_ / "masks/0_mask.png");
    EXPECT_EQ(index_folders(folders()).samples, index.samples);
}

TEST_F(UserFolder, TestsTheNormalTestImagesIfThereAreAny) {
    add({"held_out/9.png"});
    auto given = folders();
    given.normal_test = folder_ / "held_out";
    const auto index = index_folders(given);
    EXPECT_EQ(count_all(index.samples), (ImageCounts{5, 1, 1}));
    EXPECT_EQ(index.samples[1].id, "folder/test/good/9");
}

// The report makes no claim about images that their owner calls unlabelled.
TEST_F(UserFolder, KeepsItsOwnersNameOfTheTestFolder) {
    add({"unlabelled/3.png"});
    auto given = folders();
    given.masks.clear();
    for (const auto* name : {"unlabelled", "unlabelled/"}) {
        given.abnormal = folder_ / name;
        const auto index = index_folders(given);
        EXPECT_EQ(index.samples[0].id, "folder/test/abnormal/3");
        EXPECT_EQ(index.samples[0].defect_type, "unlabelled");
    }
}

TEST_F(UserFolder, NotesThatThereAreNoMasks) {
    auto given = folders();
    given.masks.clear();
    const auto index = index_folders(given);
    EXPECT_TRUE(index.samples[0].mask.empty());
    ASSERT_EQ(index.notes.size(), 1U);
    EXPECT_NE(index.notes[0].find("no masks"), std::string::npos);
}

TEST_F(UserFolder, NotesHowManyImagesHaveNoMask) {
    add({"elsewhere/broken/1.png"});
    const auto index = index_folders(folders());
    EXPECT_FALSE(index.samples[0].mask.empty());
    EXPECT_TRUE(index.samples[1].mask.empty());
    ASSERT_EQ(index.notes.size(), 1U);
    EXPECT_NE(index.notes[0].find("1 of 2 anomalous images have no mask"), std::string::npos);
}

TEST_F(UserFolder, MustNotBeTheSameTwice) {
    fs::create_directory_symlink(folder_ / "parts/fine", folder_ / "link");
    for (const auto& same : {folder_ / "parts/fine", folder_ / "parts/../parts/fine/",
                             folder_ / "link", folder_ / "elsewhere/broken"}) {
        auto given = folders();
        given.normal_test = same;
        EXPECT_NE(error_of(given).find("pass different folders"), std::string::npos) << same;
    }
    auto given = folders();
    given.masks = given.abnormal;
    EXPECT_NE(error_of(given).find("abnormal images"), std::string::npos);
}

TEST_F(UserFolder, MustNotBeTheSameThroughALinkInADataRoot) {
    add({"cup/train/good/0.png", "cup/test/bad/1.png", "mine/normal/0.png", "mine/abnormal/1.png"});
    fs::create_directory_symlink("../train/good", folder_ / "cup/test/good");
    fs::create_directory_symlink("normal", folder_ / "mine/normal_test");
    for (const auto& root : {folder_, folder_ / "mine"}) {
        const auto* name = root == folder_ ? "mvtec-like" : "folder";
        const auto message =
            message_of<DataError>([&] { static_cast<void>(index_dataset(name, root, {})); });
        EXPECT_NE(message.find("no number would mean anything"), std::string::npos) << message;
    }
}

TEST_F(UserFolder, TellsOfTestImagesThatAreTrainingImages) {
    write_bytes(folder_ / "held_out/9.png", "parts/fine/3.jpg");
    auto given = folders();
    given.normal_test = folder_ / "held_out";
    const auto notes = tested_training_images(index_folders(given).samples);
    ASSERT_EQ(notes.size(), 1U);
    EXPECT_NE(notes[0].find("1 test image also in train"), std::string::npos) << notes[0];
    EXPECT_TRUE(tested_training_images(index_folders(folders()).samples).empty());
}

TEST_F(UserFolder, NamesWhatIsMissing) {
    auto given = folders();
    given.normal = folder_ / "nowhere";
    EXPECT_NE(error_of(given).find("nowhere"), std::string::npos);
    given = folders();
    given.abnormal = folder_ / "parts";
    EXPECT_NE(error_of(given).find("no abnormal images"), std::string::npos);
    add({"masks/2.png"});
    EXPECT_NE(error_of(folders()).find("masks/2.png"), std::string::npos);
}

TEST_F(UserFolder, IsFoundUnderADataRootAsOneCategoryOrAsSeveral) {
    add({"one/Normal/0.png", "one/Abnormal/0.png", "one/Mask/0.png"});
    EXPECT_EQ(index_dataset("folder", folder_ / "one", {}).samples.size(), 2U);
    add({"many/cup/normal/0.png", "many/cup/abnormal/0.png", "many/lid/normal/0.png",
         "many/lid/abnormal/0.png", "many/notes/readme.txt"});
    const auto many = index_dataset("folder", folder_ / "many", {});
    EXPECT_EQ(count_images(many.samples).size(), 2U);
    EXPECT_EQ(many.samples[0].id, "cup/test/abnormal/0");
    const std::vector<std::string> lid{"lid"};
    EXPECT_EQ(index_dataset("folder", folder_ / "many", lid).samples.size(), 2U);
}

TEST_F(UserFolder, TakesAnMvtecLayoutToo) {
    add({"shop/cup/train/good/0.png", "shop/cup/test/good/0.png"});
    const auto index = index_dataset("folder", folder_ / "shop", {});
    EXPECT_EQ(index.layout, "mvtec");
    EXPECT_EQ(index.samples.size(), 2U);
}

}  // namespace
}  // namespace patchead
