#include "native_trees.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

/// Two objects, raw: four- and three-digit names, suffixes in upper case, masks with classes.
class VisaRaw : public NativeTree {
  protected:
    void SetUp() override {
        NativeTree::SetUp();
        add({"VisA/candle/Data/Images/Normal/0000.JPG", "VisA/candle/Data/Images/Normal/0001.JPG",
             "VisA/candle/Data/Images/Anomaly/000.JPG", "VisA/candle/image_anno.csv",
             "VisA/pcb1/Data/Images/Normal/007.JPG", "VisA/pcb1/Data/Images/Anomaly/007.JPG"});
        for (const std::string object : {"candle", "pcb1"}) {
            const auto data = "VisA/" + object + "/Data/";
            litter({data + "Images/Normal", data + "Images/Anomaly", data + "Masks/Anomaly"});
        }
        mask("candle/Data/Masks/Anomaly/000.png");
        mask("pcb1/Data/Masks/Anomaly/007.png");
        write_split(
            "candle,train,normal,candle/Data/Images/Normal/0001.JPG,\r\n"
            "candle,test,anomaly,candle/Data/Images/Anomaly/000.JPG,candle/Data/Masks/Anomaly/"
            "000.png\r\n"
            "candle,test,normal,candle/Data/Images/Normal/0000.JPG,\r\n"
            "pcb1,test,anomaly,pcb1/Data/Images/Anomaly/007.JPG,pcb1/Data/Masks/Anomaly/007.png\n"
            "pcb1,train,normal,pcb1/Data/Images/Normal/007.JPG,\n"
            "cashew,train,normal,cashew/Data/Images/Normal/000.JPG,\n");
    }

    /// A mask of classes 0 to 3, as the archive has them: it looks black.
    void mask(const std::string& file) const {
        // A gray 2 x 2 BMP; its palette maps every value to itself, as Pillow writes it.
        std::string bmp("BM", 2);
        const auto little = [&](std::uint32_t value, int size) {
            for (int i = 0; i < size; ++i) { bmp += static_cast<char>(value >> (8 * i)); }
        };
        for (const std::uint32_t value : {1086U, 0U, 1078U, 40U, 2U, 2U}) { little(value, 4); }
        little(1, 2);
        little(8, 2);
        for (const std::uint32_t value : {0U, 8U, 0U, 0U, 256U, 0U}) { little(value, 4); }
        for (std::uint32_t i = 0; i < 256; ++i) { little(i * 0x10101, 4); }
        bmp += std::string("\2\3\0\0\0\1\0\0", 8);
        write_bytes(folder_ / "VisA" / file, bmp);
    }

    void write_split(const std::string& rows) const {
        write_bytes(folder_ / "VisA/split_csv/1cls.csv", "object,split,label,image,mask\n" + rows);
    }
};

const std::vector<Record> kRaw{
    {"candle/test/bad/000", true, "candle/Data/Images/Anomaly/000.JPG",
     "candle/Data/Masks/Anomaly/000.png"},
    {"candle/test/good/0000", false, "candle/Data/Images/Normal/0000.JPG", ""},
    {"candle/train/good/0001", false, "candle/Data/Images/Normal/0001.JPG", ""},
    {"pcb1/test/bad/007", true, "pcb1/Data/Images/Anomaly/007.JPG",
     "pcb1/Data/Masks/Anomaly/007.png"},
    {"pcb1/train/good/007", false, "pcb1/Data/Images/Normal/007.JPG", ""},
};

TEST_F(VisaRaw, FollowsTheSplitFile) {
    EXPECT_EQ(records("visa"), kRaw);
    EXPECT_EQ(layout("visa"), "raw, split_csv/1cls.csv");
    EXPECT_EQ(records("visa", {"pcb1"}), std::vector(kRaw.begin() + 3, kRaw.end()));
    EXPECT_TRUE(has_note("visa", "not here: capsules, cashew"));
}

TEST_F(VisaRaw, TakesEveryClassOfAMaskAsAnomalous) {
    const auto index = index_dataset("visa", folder_, {});
    EXPECT_EQ(read_mask(index.samples[0], 2, 2).anomalous, (std::vector<std::uint8_t>{0, 1, 1, 1}));
}

TEST_F(VisaRaw, NamesAFileThatTheSplitFileNamesAndThatIsMissing) {
    fs::remove(folder_ / "VisA/candle/Data/Images/Normal/0001.JPG");
    expect_error("visa", {"no file", "Normal/0001.JPG", "1cls.csv", "unpack"});
}

TEST_F(VisaRaw, NamesAMissingMaskAndAMaskWithoutImage) {
    fs::rename(folder_ / "VisA/pcb1/Data/Masks/Anomaly/007.png",
               folder_ / "VisA/pcb1/Data/Masks/Anomaly/008.png");
    expect_error("visa", {"no file", "Masks/Anomaly/007.png"});
    mask("pcb1/Data/Masks/Anomaly/007.png");
    expect_error("visa", {"no image for the mask", "Masks/Anomaly/008.png"});
}

TEST_F(VisaRaw, NotesImagesThatAreNotInTheSplitFile) {
    add({"VisA/pcb1/Data/Images/Normal/008.JPG"});
    EXPECT_EQ(records("visa"), kRaw);
    EXPECT_TRUE(has_note("visa", "pcb1: 1 image left out, not in"));
}

TEST_F(VisaRaw, NamesTheWrongLineOfTheSplitFile) {
    for (const std::string row :
         {"candle,train,normal,a.JPG", "candle,all,normal,a.JPG,", "candle,test,odd,a.JPG,",
          "candle,test,anomaly,a.JPG,", "candle,test,normal,a.JPG,a.png"}) {
        write_split("\n" + row + "\n");
        expect_error("visa", {"line 3", "1cls.csv"});
    }
    write_bytes(folder_ / "VisA/split_csv/1cls.csv", "object,image\n");
    expect_error("visa", {"line 1", "1cls.csv"});
}

TEST_F(VisaRaw, WithoutSplitFileHasNoNormalTestImages) {
    fs::remove_all(folder_ / "VisA/split_csv");
    auto expected = kRaw;
    expected[2] = {"candle/train/good/0001", false, "candle/Data/Images/Normal/0001.JPG", ""};
    expected[1] = {"candle/train/good/0000", false, "candle/Data/Images/Normal/0000.JPG", ""};
    EXPECT_EQ(records("visa"), expected);
    EXPECT_EQ(layout("visa"), "raw, without split file");
    EXPECT_TRUE(has_note("visa", "not the published split"));
    EXPECT_FALSE(has_note("visa", "no masks"));
    fs::remove_all(folder_ / "VisA/pcb1/Data/Masks");
    EXPECT_TRUE(has_note("visa", "pcb1: no masks"));
}

TEST_F(VisaRaw, SaysWhatToPassFromEveryWrongLevel) {
    const auto root = folder_ / "VisA";
    for (const std::string below : {"candle", "candle/Data", "candle/Data/Images/Normal"}) {
        expect_error("visa", {"pass '" + root.string() + "'"}, root / below);
    }
    fs::create_directories(folder_ / "downloads");
    fs::rename(root, folder_ / "downloads/unpacked");
    expect_error("visa", {"pass '" + (folder_ / "downloads/unpacked").string() + "'"});
}

class VisaTree : public NativeTree, public testing::WithParamInterface<std::string> {};

TEST_P(VisaTree, GivesTheIdsOfTheRawLayout) {
    const auto root = "visa/" + GetParam();
    add({root + "candle/train/good/0001.JPG", root + "candle/test/good/0000.JPG",
         root + "candle/test/bad/000.JPG", root + "candle/ground_truth/bad/000.png",
         root + "pcb1/train/good/007.JPG", root + "pcb1/test/bad/007.JPG",
         root + "pcb1/ground_truth/bad/007.png"});
    litter({root + "candle/test/bad", root + "candle/ground_truth/bad"});
    const auto found = records("visa");
    ASSERT_EQ(found.size(), kRaw.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
        EXPECT_EQ(found[i].id, kRaw[i].id);
        EXPECT_EQ(found[i].anomalous, kRaw[i].anomalous);
    }
    EXPECT_EQ(found[0].mask, GetParam() + "candle/ground_truth/bad/000.png");
    EXPECT_EQ(layout("visa"), "1cls");
}

INSTANTIATE_TEST_SUITE_P(Nesting, VisaTree, testing::Values("", "1cls/"),
                         [](const auto& entry) { return entry.param.empty() ? "flat" : "nested"; });

}  // namespace
}  // namespace patchead
