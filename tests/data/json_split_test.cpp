#include "native_trees.hpp"

/// \file
/// \brief Split files that anybody may have written: what is wrong is named, and how to mend it.

namespace patchead {
namespace {

namespace fs = std::filesystem;

class JsonSplit : public NativeTree {
  protected:
    void SetUp() override {
        NativeTree::SetUp();
        add({"json-split/a/0.png", "json-split/a/1.png", "json-split/a/1_mask.png", "outside.png"});
    }

    void split(const std::string& json) const {
        write_bytes(folder_ / "json-split/splits/cap.json", json);
    }
    /// With one training image, whose entry is `entry`.
    void entry(const std::string& entry, const std::string& prefix = "a/") const {
        split(R"({"meta": {"prefix": ")" + prefix + R"(", "normal_class": "OK"}, "train": [)" +
              entry + R"(], "test": []})");
    }
    void refuse(const std::vector<std::string>& parts) const { expect_error("json-split", parts); }
};

TEST_F(JsonSplit, NamesWhatIsNoSplit) {
    const std::vector<std::pair<std::string, std::string>> wrong{
        {"", "is no JSON"},
        {"{\"meta\": {\"prefix\"", "is no JSON"},
        {"[]", "it is no split"},
        {"7", "it is no split"},
        {std::string(100000, '['), "nested deeper"},
        {R"({"train": [], "test": []})", "there is no \"meta\""},
        {R"({"meta": [], "train": [], "test": []})", "it is no object"},
        {R"({"meta": {"prefix": 3, "normal_class": "OK"}})", "\"prefix\" is no text"},
        {R"({"meta": {"prefix": "a"}})", "there is no \"normal_class\""},
        {R"({"meta": {"prefix": "b", "normal_class": "OK"}})", "no folder"},
        {R"({"meta": {"prefix": "a", "normal_class": "OK"}})", "there is no list \"train\""},
        {R"({"meta": {"prefix": "a", "normal_class": "OK"}, "train": {}, "test": []})",
         "there is no list \"train\""},
        {R"({"meta": {"prefix": "a", "normal_class": "OK"}, "train": [], "test": []})",
         "no images in the split"}};
    for (const auto& [json, reason] : wrong) {
        split(json);
        refuse({"splits/cap.json", reason});
    }
}

TEST_F(JsonSplit, NamesTheEntryAtFault) {
    const std::vector<std::pair<std::string, std::string>> wrong{
        {"3", "it is no object"},
        {"null", "it is no object"},
        {R"({"anomaly_class": "OK"})", "there is no \"image_path\""},
        {R"({"image_path": "0.png"})", "there is no \"anomaly_class\""},
        {R"({"anomaly_class": null, "image_path": "0.png"})", "\"anomaly_class\" is no text"},
        {R"({"anomaly_class": "good", "image_path": "0.png"})", "cannot be a defect's"},
        {R"({"anomaly_class": "a/b", "image_path": "0.png"})", "cannot be a defect's"},
        {R"({"anomaly_class": "", "image_path": "0.png"})", "cannot be a defect's"},
        {R"({"anomaly_class": "OK", "image_path": ""})", "no image file"},
        {R"({"anomaly_class": "OK", "image_path": "9.png"})", "a/9.png' is no image file"},
        {R"({"anomaly_class": "OK", "image_path": "0.png", "mask_path": 1})",
         "\"mask_path\" is no text"},
        {R"({"anomaly_class": "x", "image_path": "0.png", "mask_path": "9.png"})", "the mask_path"},
        {R"({"category": "cup", "anomaly_class": "OK", "image_path": "0.png"})", "move it to cup"},
        {R"({"anomaly_class": "OK", "image_path": "0.png", "sample": 4})",
         "\"sample\" is no text"}};
    for (const auto& [json, reason] : wrong) {
        entry(R"({"anomaly_class": "OK", "image_path": "1.png"}, )" + json);
        refuse({"splits/cap.json', train 2: ", reason});
    }
}

TEST_F(JsonSplit, LetsNoPathLeaveTheFolder) {
    for (const std::string path :
         {"../../outside.png", "/etc/passwd", "x/../../../outside.png", ".."}) {
        entry(R"({"anomaly_class": "OK", "image_path": ")" + path + R"("})");
        refuse({"leaves the folder", path});
        entry(R"({"anomaly_class": "OK", "image_path": "0.png"})", path);
        refuse({"leaves the folder", path});
        entry(R"({"anomaly_class": "x", "image_path": "0.png", "mask_path": ")" + path + R"("})");
        refuse({"leaves the folder", path});
    }
    entry(R"({"anomaly_class": "OK", "image_path": "../a/0.png"})", "a");
    refuse({"leaves the folder"});
}

TEST_F(JsonSplit, RefusesAnImageThatIsInBothSplitsOrTwice) {
    const std::string image = R"({"anomaly_class": "OK", "image_path": "0.png"})";
    split(R"({"meta": {"normal_class": "OK", "prefix": "a"}, "train": [)" + image +
          R"(], "test": [)" + image + "]}");
    refuse({"a/0.png", "a prompt that is tested"});
    entry(image + ", " + image);
    refuse({"a/0.png"});
}

TEST_F(JsonSplit, HasNoPixelMetricsWithoutAnyMask) {
    split(R"({"meta": {"normal_class": "OK"}, "train": [{"anomaly_class": "OK", "image_path":
              "a/0.png"}], "test": [{"anomaly_class": "dent", "image_path": "a/1.png"}]})");
    const auto index = index_dataset("json-split", folder_, {});
    EXPECT_FALSE(index.samples.at(0).unseen);
    EXPECT_TRUE(has_note("json-split", "cap: no masks, so no pixel-level metrics"));
}

TEST_F(JsonSplit, TellsViewsByRealIadsNamesOrByWhatIsSaid) {
    add({"json-split/a/cap_7_C1_2023.png", "json-split/a/cap_7_C12_2023.png",
         "json-split/a/cap_Cx_1.png", "json-split/a/_C1_.png"});
    std::string entries;
    for (const std::string name : {"0", "cap_7_C1_2023", "cap_7_C12_2023", "cap_Cx_1", "_C1_"}) {
        entries += R"({"anomaly_class": "OK", "image_path": ")" + name + R"(.png"}, )";
    }
    entry(entries + R"({"anomaly_class": "OK", "image_path": "1.png", "sample": "cap_7"})");
    std::vector<std::pair<std::string, std::string>> groups;
    for (const auto& sample : index_dataset("json-split", folder_, {}).samples) {
        groups.emplace_back(sample.image.stem().string(), sample.group);
    }
    EXPECT_EQ(groups, (std::vector<std::pair<std::string, std::string>>{{"0", ""},
                                                                        {"1", "cap_7"},
                                                                        {"_C1_", ""},
                                                                        {"cap_7_C12_2023", "cap_7"},
                                                                        {"cap_7_C1_2023", "cap_7"},
                                                                        {"cap_Cx_1", ""}}));
}

}  // namespace
}  // namespace patchead
