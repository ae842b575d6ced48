#include <limits>

#include "native_trees.hpp"
#include "patchead/core/registry.hpp"
#include "patchead/core/splits.hpp"
#include "patchead/data/check.hpp"
#include "patchead/data/submission.hpp"

/// \file
/// \brief MVTec AD 2, MVTec 3D-AD, KolektorSDD2 and magnetic tiles: what only they do.

namespace patchead {
namespace {

namespace fs = std::filesystem;

class LaterSets : public NativeTree {
  protected:
    /// Empty files `<folder>/NNN<ending>`.
    void draw(const std::string& folder, int count, const std::string& ending) const {
        fs::create_directories(folder_ / folder);
        for (int i = 0; i < count; ++i) {
            std::ofstream(folder_ / folder / (std::to_string(1000 + i).substr(1) + ending));
        }
    }
};

TEST_F(LaterSets, KnowThePrivateImagesOfMvtecAd2) {
    int images = 0;
    for (const auto& split : published_submission()) {
        const auto folder = concat("mvtec_ad_2/", split.category, "/");
        const auto count = static_cast<int>(split.images.size());
        draw(folder + split.split, count,
             split.split == "test_private" ? "_regular.png" : "_mixed.png");
        draw(folder + "train/good", 2, "_regular.png");
        draw(folder + "validation/good", 1, "_regular.png");
        draw(folder + "test_public/good", 1, "_regular.png");
        images += count;
    }
    EXPECT_EQ(images, 2 * 2045);
    const auto index = index_dataset("mvtec-ad2", folder_, {});
    for (const auto& note : index.notes) { ADD_FAILURE() << note; }
    const auto counts = count_all(index.samples);
    EXPECT_EQ(counts, (ImageCounts{16, 8, 0, 8, 2 * 2045}));
    EXPECT_NE(describe(index).find("8 of validation, 4090 without labels"), std::string::npos);
    for (const auto& sample : index.samples) {
        EXPECT_EQ(has_label(sample), sample.defect_type != "unlabelled") << sample.id;
    }
    fs::remove(folder_ / "mvtec_ad_2/vial/test_private/275_regular.png");
    EXPECT_TRUE(has_note("mvtec-ad2", "vial: 275 images in test_private; published: 276"));
    fs::remove_all(folder_ / "mvtec_ad_2/rice/test_private_mixed");
    EXPECT_TRUE(has_note("mvtec-ad2", "rice: 0 images in test_private_mixed; published: 277"));
}

TEST_F(LaterSets, NameAPublicDefectWithoutItsMask) {
    add({"mvtec_ad_2/can/train/good/0.png", "mvtec_ad_2/can/test_public/bad/000_regular.png"});
    expect_error("mvtec-ad2", {"no mask for the image", "test_public/bad/000_regular.png"});
}

TEST_F(LaterSets, CountMvtec3dAsPublished) {
    const auto categories = find(datasets(), "data set", "mvtec-3d").get().info().categories;
    for (const auto& category : categories) {
        const auto folder = concat("mvtec_3d/", category.name, "/");
        draw(folder + "train/good/rgb", category.images->train, ".png");
        draw(folder + "validation/good/rgb", category.images->validation, ".png");
        draw(folder + "test/good/rgb", category.images->test_normal, ".png");
        draw(folder + "test/good/gt", category.images->test_normal, ".png");
        draw(folder + "test/hole/rgb", category.images->test_anomalous, ".png");
        draw(folder + "test/hole/gt", category.images->test_anomalous, ".png");
        draw(folder + "test/hole/xyz", 3, ".tiff");
    }
    const auto check = check_dataset("mvtec-3d", folder_, {}, {.read_files = false});
    for (const auto& finding : check.findings) { ADD_FAILURE() << finding.text; }
    EXPECT_EQ(count_all(index_dataset("mvtec-3d", folder_, {}).samples),
              (ImageCounts{2656, 249, 948, 294}));
}

TEST_F(LaterSets, SayWhichPartOfKolektorSdd2IsMissing) {
    add({"ksdd2/test/10000.png"});
    write_png(folder_ / "ksdd2/test/10000.png", Image{2, 2, std::vector<std::uint8_t>(12)});
    write_png(folder_ / "ksdd2/test/10000_GT.png", Mask{2, 2, {0, 0, 0, 0}});
    expect_error("ksdd2", {"no folder", "ksdd2/train", "unpack the archive again"});
    add({"ksdd2/train/10001.png"});
    expect_error("ksdd2", {"no mask for the image", "train/10001.png", "10001_GT.png"});
}

TEST_F(LaterSets, SayWhichPartOfTheMagneticTilesIsMissing) {
    add({"mtd/MT_Crack/Imgs/a.jpg", "mtd/MT_Crack/Imgs/a.png"});
    expect_error("magnetic-tile", {"no folder", "MT_Free", "no prompt"}, folder_ / "mtd");
    draw("mtd/MT_Free/Imgs", 952, ".jpg");
    draw("mtd/MT_Free/Imgs", 952, ".png");
    const auto index = index_dataset("magnetic-tile", folder_ / "mtd", {});
    EXPECT_EQ(count_all(index.samples), (ImageCounts{714, 238, 1}));
    EXPECT_TRUE(std::ranges::any_of(index.notes, [](const std::string& note) {
        return note.find("so no fray is tested") != std::string::npos;
    }));
    fs::remove(folder_ / "mtd/MT_Free/Imgs/005.jpg");
    expect_error("magnetic-tile", {"no image for the mask", "005.png"}, folder_ / "mtd");
}

TEST(Submission, KnowsWhatTheServerWouldRefuse) {
    auto splits = published_submission();
    EXPECT_TRUE(faults_of(splits, true).empty());
    splits[0].images[7] = "700_regular";
    splits[1].images.pop_back();
    splits.pop_back();
    splits.push_back({"bottle", "test_private", {}, {}});
    const auto faults = faults_of(splits, true);
    ASSERT_EQ(faults.size(), 4U);
    EXPECT_EQ(faults[0],
              "can/test_private: image 7 is called '700_regular' in place of '007_regular' "
              "(numbers begin at 000 and have no gaps)");
    EXPECT_EQ(faults[1], "can/test_private_mixed: 320 images in place of 321");
    EXPECT_EQ(faults[2], "walnuts/test_private_mixed: missing");
    EXPECT_EQ(faults[3], "bottle/test_private: no part of the data set");
    EXPECT_EQ(faults_of(splits, false).size(), 1U);
}

TEST(Submission, BringsScoresToWhere16BitsAreAtHome) {
    EXPECT_EQ(exponent_for(0.4), 0);
    EXPECT_EQ(exponent_for(0), 0);
    EXPECT_EQ(exponent_for(32768), 0);
    EXPECT_EQ(exponent_for(1e6), -19);
    EXPECT_EQ(exponent_for(3e-6), 19);
}

TEST(Submission, RefusesWhatIsNoNumber) {
    const auto folder = fs::path(testing::TempDir()) / concat("patchead_", ::getpid(), "_half");
    const SubmittedSplit split{"can", "test_private", {"000_regular"}, {{1, 2}}};
    for (const float odd : {std::numeric_limits<float>::quiet_NaN(), 1e6F}) {
        const auto message = message_of<DataError>([&] {
            write_submitted(folder, split, 0, {{1, 2}, {0.5F, odd}}, 0.1, 0);
        });
        EXPECT_NE(message.find("can/test_private/000_regular"), std::string::npos) << message;
    }
    write_submitted(folder, split, 0, {{1, 2}, {0.25F, 1e6F}}, 1000, -19);
    EXPECT_TRUE(check_submission(folder, std::vector{split}).empty());
    fs::remove_all(folder);
}

}  // namespace
}  // namespace patchead
