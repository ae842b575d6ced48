#include "trees/loco.hpp"

#include "native_trees.hpp"

/// \file
/// \brief What only MVTec LOCO AD does: masks by file, and their saturation areas.

namespace patchead {
namespace {

namespace fs = std::filesystem;

class Loco : public NativeTree {
  protected:
    void SetUp() override {
        NativeTree::SetUp();
        TreeWriter writer(folder_);
        loco_set().draw(writer);
        category_ = folder_ / "mvtec_loco_anomaly_detection/pushpins";
    }

    [[nodiscard]] Sample logical() const { return index_dataset("loco", folder_, {}).samples[1]; }
    [[nodiscard]] std::vector<RegionMask> masks(double threshold = 0) const {
        return read_region_masks(logical(), kTreeImage.height, kTreeImage.width, threshold);
    }

    fs::path category_;
};

TEST_F(Loco, HasEachMaskFileWithTheAreaOfItsLevel) {
    const auto found = masks();
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(std::ranges::count(found[0].mask.anomalous, 1), 5);
    EXPECT_EQ(found[0].saturation, (Saturation{255, 6, false}));
    EXPECT_EQ(std::ranges::count(found[1].mask.anomalous, 1), 9);
    EXPECT_EQ(found[1].saturation, (Saturation{254, 0.5, true}));
    const auto whole = read_mask(logical(), kTreeImage.height, kTreeImage.width);
    EXPECT_EQ(std::ranges::count(whole.anomalous, 1), 13) << "one pixel is in both";
}

TEST_F(Loco, NamesAMaskOfSeveralLevelsOrOfAnUnknownOne) {
    TreeWriter writer(category_);
    const std::string file = "ground_truth/logical_anomalies/000/001.png";
    writer.mask(file, {{1, 1, 4, 4}}, 7);
    auto message = message_of<DataError>([&] { (void)masks(); });
    EXPECT_NE(message.find(file), std::string::npos) << message;
    EXPECT_NE(message.find("the level 7"), std::string::npos) << message;
    auto pixels = cv::imread((category_ / file).string(), cv::IMREAD_GRAYSCALE);
    pixels.at<std::uint8_t>(8, 8) = 255;
    cv::imwrite((category_ / file).string(), pixels);
    message = message_of<DataError>([&] { (void)masks(); });
    EXPECT_NE(message.find("several levels"), std::string::npos) << message;
}

TEST_F(Loco, CountsASampleByAllItsMasks) {
    const auto before = sample_digest(logical());
    TreeWriter(category_).mask("ground_truth/logical_anomalies/000/001.png", {{0, 0, 1, 1}}, 254);
    EXPECT_NE(sample_digest(logical()), before);
}

TEST_F(Loco, NamesMasksWithoutImageAndImagesWithoutMasks) {
    write_bytes(category_ / "ground_truth/logical_anomalies/001/000.png", "x");
    expect_error("loco", {"no image for the masks in", "logical_anomalies/001"});
    fs::remove_all(category_ / "ground_truth/logical_anomalies");
    expect_error("loco", {"no mask for the image", "logical_anomalies/000.png"});
}

TEST_F(Loco, HasNoSaturatedProWithoutAreasAndSaysSo) {
    fs::remove(category_ / "defects_config.json");
    EXPECT_TRUE(has_note("loco", "so no saturation areas and no sPRO"));
    EXPECT_TRUE(logical().saturation.empty());
}

TEST_F(Loco, NamesWhatIsWrongWithDefectsConfig) {
    const auto entry = [](const std::string& level, const std::string& area,
                          const std::string& relative) {
        return R"([{"pixel_value": )" + level + R"(, "saturation_threshold": )" + area +
               R"(, "relative_saturation": )" + relative + "}]";
    };
    for (const auto& [json, reason] : std::vector<std::pair<std::string, std::string>>{
             {"{}", "is no list of defects"},
             {"[]", "is no list of defects"},
             {"[3]", "it is no object"},
             {entry("0", "1", "false"), "none of a mask"},
             {entry("2.5", "1", "false"), "none of a mask"},
             {entry("\"x\"", "1", "false"), "is no number"},
             {entry("1", "1.5", "true"), "no share"},
             {entry("1", "-3", "false"), "no area"},
             {entry("1", "1", "0"), "neither true nor false"}}) {
        write_bytes(category_ / "defects_config.json", json);
        expect_error("loco", {"defects_config.json", reason});
    }
}

TEST_F(Loco, IsNamedWhereItIsTakenForAnotherSet) {
    fs::rename(folder_ / "mvtec_loco_anomaly_detection", folder_ / "mvtec_like");
    EXPECT_TRUE(has_note("mvtec-like", "--dataset loco"));
}

}  // namespace
}  // namespace patchead
