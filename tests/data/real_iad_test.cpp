#include "native_trees.hpp"
#include "trees/json_splits.hpp"

/// \file
/// \brief What only Real-IAD does: sizes side by side, and splits beside them.

namespace patchead {
namespace {

namespace fs = std::filesystem;

class RealIad : public NativeTree {
  protected:
    void SetUp() override {
        NativeTree::SetUp();
        TreeWriter writer(folder_);
        real_iad_set().draw(writer);
        root_ = folder_ / "Real-IAD";
    }

    fs::path root_;
};

TEST_F(RealIad, TakesOneOfSeveralSizesAndSaysHowToTakeAnother) {
    const auto ids = id_digest(index_dataset("real-iad", folder_, {}).samples);
    fs::create_directories(root_ / "realiad_256/realiad_256");
    fs::copy(root_ / "realiad_1024/mint", root_ / "realiad_256/realiad_256/mint",
             fs::copy_options::recursive);
    fs::rename(root_ / "realiad_1024", root_ / "realiad_raw");
    const auto index = index_dataset("real-iad", folder_, {});
    EXPECT_EQ(index.layout, "realiad_256, realiad_jsons");
    EXPECT_TRUE(index.left_out.empty());
    EXPECT_TRUE(has_note("real-iad", "--data-root " + (root_ / "realiad_raw").string()));
    const auto raw = index_dataset("real-iad", root_ / "realiad_raw", {});
    EXPECT_EQ(raw.layout, "realiad_raw, realiad_jsons");
    EXPECT_EQ(id_digest(raw.samples), ids);
    EXPECT_EQ(raw.samples[0].image.parent_path(), root_ / "realiad_raw/mint/NG/QS/S0003");
}

TEST_F(RealIad, NamesTheArchiveThatIsMissing) {
    const auto message = message_of<DataError>(
        [&] { (void)index_dataset("real-iad", folder_, std::vector<std::string>{"zipper"}); });
    EXPECT_NE(message.find("unpack the archive of 'zipper'"), std::string::npos) << message;
    expect_error("real-iad-sv", {"Real-IAD' is there", "realiad_jsons_sv/"});
    fs::rename(root_ / "realiad_1024", root_ / "elsewhere");
    expect_error("real-iad", {"there is no folder realiad_1024, _512, _256 or _raw"});
}

TEST_F(RealIad, LabelsByClassWhereverAViewLies) {
    const auto file = root_ / "realiad_jsons/realiad_jsons/mint.json";
    std::ifstream in(file);
    std::string json(std::istreambuf_iterator<char>(in), {});
    const auto at = json.find("\"QS\"");  // The unseen view comes first.
    json.replace(at, 4, "\"OK\"");
    write_bytes(file, json);
    const auto index = index_dataset("real-iad", folder_, {});
    const auto view =
        std::ranges::find(index.samples, "mint/test/good/mint_0003_NG_QS_C2_20231021", &Sample::id);
    ASSERT_NE(view, index.samples.end());
    EXPECT_FALSE(view->anomalous);
    EXPECT_FALSE(view->unseen);
    EXPECT_EQ(view->group, "mint_0003_NG_QS");
}

}  // namespace
}  // namespace patchead
