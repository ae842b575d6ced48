#include <numeric>

#include "native_trees.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

/// Images of 10 rows and 2 columns: the parts have 3, 3 and 4 rows.
class Ksdd : public NativeTree {
  protected:
    void image(const std::string& name, const std::vector<int>& defect_rows,
               int height = 10) const {
        const auto size = static_cast<std::size_t>(height) * 2;
        const auto file = folder_ / "KolektorSDD" / name;
        write_png(file.string() + ".png", Image{height, 2, std::vector<std::uint8_t>(size * 3, 9)});
        Mask label{height, 2, std::vector<std::uint8_t>(size)};
        for (const int row : defect_rows) {
            label.anomalous[static_cast<std::size_t>(row) * 2] = 1;
        }
        write_png(file.string() + "_label.png", label);
    }
};

TEST_F(Ksdd, CutsEachImageIntoThreePartsAndTestsAllDefects) {
    image("kos01/Part0", {});
    image("kos01/Part1", {3, 6});  // The first row of the second and of the third part.
    image("kos02/Part0", {2});     // The last row of the first part.
    litter({"KolektorSDD", "KolektorSDD/kos01"});
    const auto index = index_dataset("ksdd", folder_, {});
    EXPECT_EQ(index.layout, "native");
    std::vector<std::string> anomalous;
    std::vector<std::string> normal;
    for (const auto& sample : index.samples) {
        const auto part = sample.id.back() - '0';
        EXPECT_EQ(
            sample.crop,
            (std::vector<CropRows>{{0, 3}, {3, 6}, {6, 10}}.at(static_cast<std::size_t>(part))))
            << sample.id;
        EXPECT_EQ(sample.category, "ksdd");
        EXPECT_EQ(sample.mask.empty(), !sample.anomalous);
        (sample.anomalous ? anomalous : normal).push_back(sample.id);
    }
    EXPECT_EQ(anomalous, (std::vector<std::string>{"ksdd/test/defect/kos01_Part1#1",
                                                   "ksdd/test/defect/kos01_Part1#2",
                                                   "ksdd/test/defect/kos02_Part0#0"}));
    // Six normal parts, so two are tested. A Python restatement of SplitMix64, FNV-1a and
    // Fisher-Yates puts 1 and 0 first for the key "ksdd" and the seed 42.
    EXPECT_EQ(normal, (std::vector<std::string>{
                          "ksdd/test/good/kos01_Part0#0", "ksdd/test/good/kos01_Part0#1",
                          "ksdd/train/good/kos01_Part0#2", "ksdd/train/good/kos01_Part1#0",
                          "ksdd/train/good/kos02_Part0#1", "ksdd/train/good/kos02_Part0#2"}));
    EXPECT_EQ(index.samples[0].image, folder_ / "KolektorSDD/kos01/Part1.png");
    EXPECT_EQ(index.samples[0].mask, folder_ / "KolektorSDD/kos01/Part1_label.png");
    EXPECT_EQ(read_image(index.samples[1]).height, 4);
    const auto mask = read_mask(index.samples[1], 4, 2).anomalous;
    EXPECT_EQ(std::accumulate(mask.begin(), mask.end(), 0), 1);
    EXPECT_EQ(mask[0], 1);
}

TEST_F(Ksdd, NamesAnImageWithoutLabelALabelWithoutImageAndALabelOfAnotherSize) {
    image("kos01/Part0", {});
    image("kos01/Part1", {});
    const auto folder = folder_ / "KolektorSDD/kos01";
    fs::rename(folder / "Part1_label.png", folder / "Part2_label.png");
    expect_error("ksdd", {"no mask for the image", "kos01/Part1.png", "Part1_label"});
    fs::remove(folder / "Part1.png");
    expect_error("ksdd", {"no image for the mask", "kos01/Part2_label.png"});
    fs::remove(folder / "Part2_label.png");
    image("other", {}, 12);
    fs::rename(folder_ / "KolektorSDD/other_label.png", folder / "Part0_label.png");
    expect_error("ksdd", {"kos01/Part0_label.png", "2 x 12", "2 x 10"});
}

TEST_F(Ksdd, SaysWhatToPassFromTheFolderBelow) {
    image("kos01/Part0", {});
    expect_error("ksdd", {"pass '" + (folder_ / "KolektorSDD").string() + "'"},
                 folder_ / "KolektorSDD/kos01");
}

TEST_F(Ksdd, TakesAPreparedTreeAsItIs) {
    const std::string root = "ksdd/electrical commutators/";
    add({root + "train/good/kos01_Part0_0.png", root + "test/good/kos01_Part0_1.png",
         root + "test/defect/kos01_Part1_1.png",
         root + "ground_truth/defect/kos01_Part1_1_mask.png"});
    const std::string shown = "electrical commutators/";
    EXPECT_EQ(
        records("ksdd"),
        (std::vector<Record>{
            {"ksdd/test/defect/kos01_Part1_1", true, shown + "test/defect/kos01_Part1_1.png",
             shown + "ground_truth/defect/kos01_Part1_1_mask.png"},
            {"ksdd/test/good/kos01_Part0_1", false, shown + "test/good/kos01_Part0_1.png", ""},
            {"ksdd/train/good/kos01_Part0_0", false, shown + "train/good/kos01_Part0_0.png", ""}}));
    EXPECT_EQ(layout("ksdd"), "prepared");
}

TEST(RealKsdd, HoldsTheArithmeticOfTheThreeWayCut) {
    SKIP_WITHOUT_SHARED();
    const auto index = index_dataset("ksdd", shared_folder() / "datasets", {});
    const auto counts = count_all(index.samples);
    const auto anomalous = counts.test_anomalous;
    const int normal = 96 * 3 - anomalous;
    EXPECT_EQ(index.samples.size(), 96U * 3);
    EXPECT_GE(anomalous, 12);  // Twelve defective images; a defect may lie in two parts.
    EXPECT_EQ(counts.test_normal, (normal + 3) / 4);
    EXPECT_EQ(counts.train, normal - counts.test_normal);
    for (std::size_t i = 0; i < index.samples.size(); i += 7) {
        const auto [height, width] = image_size(index.samples[i]);
        EXPECT_EQ(width, 500);
        EXPECT_NEAR(height, 416, 12);
    }
    ASSERT_EQ(index.notes.size(), 1U);
    EXPECT_NE(index.notes[0].find("published: 857 train, 286 normal and 54"), std::string::npos);
}

}  // namespace
}  // namespace patchead
