#include "checkpoint_files.hpp"
#include "fixture_folders.hpp"
#include "patchead/backbone/verify.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

int check_all(const fs::path& root) {
    int cases = 0;
    for (const auto& folder : test::network_fixtures(root)) {
        for (const auto& result : verify_fixture(folder)) {
            EXPECT_TRUE(passed(result)) << folder.parent_path().filename() / result.name
                                        << ": tokens " << result.token_difference << ", attention "
                                        << result.attention_difference << " " << result.error;
            for (const auto& name : result.left_out) {
                // timm's files bring images only.
                if (result.name.find("weights_timm") != std::string::npos &&
                    (name.starts_with("text_") || name == "similarity")) {
                    continue;
                }
                ADD_FAILURE() << name << " of " << result.name << " was not compared";
            }
            ++cases;
        }
    }
    return cases;
}

TEST(Fixtures, OfTheRepositoryAreReproduced) { EXPECT_GE(check_all(test::golden_folder()), 30); }

TEST(Fixtures, OfTheReferenceLibraryAreReproduced) {
    const auto folders = test::reference_families();
    if (folders.empty()) {
        GTEST_SKIP() << "SKIPPED: PATCHEAD_SHARED names no reference library with parity/";
    }
    for (const auto& folder : folders) {
        SCOPED_TRACE(folder.filename());
        EXPECT_GE(check_all(folder), 1);
    }
}

/// A copy of a good fixture, to be spoilt.
class SpoiltFixture : public testing::Test {
  protected:
    SpoiltFixture() {
        fs::copy(test::golden_folder() / "dinov2_reg/noreg_offset_70x98", folder_.path(),
                 fs::copy_options::recursive);
    }
    std::string refusal() {
        return test::message_of<DataError>([&] { return verify_fixture(folder_.path()); });
    }

    test::TemporaryFolder folder_;
};

TEST_F(SpoiltFixture, PassesAsLongAsItIsNot) {
    const auto cases = verify_fixture(folder_.path());
    ASSERT_EQ(cases.size(), 1U);
    EXPECT_TRUE(passed(cases[0]));
    EXPECT_EQ(cases[0].name, (folder_.path().filename() / "weights.safetensors").string());
}

TEST_F(SpoiltFixture, FailsWhenOneNumberIsAboveTolerance) {
    test::Tensors outputs;
    const auto file = folder_.path() / "outputs.safetensors";
    for (const auto& [key, view] : read_checkpoint(file).tensors) {
        outputs[key] = to_tensor(view);
    }
    outputs["patch_tokens"][1][30][47] += 3e-4F;
    folder_.write("outputs.safetensors", test::safetensors(outputs));
    const auto cases = verify_fixture(folder_.path());
    EXPECT_FALSE(passed(cases.at(0)));
    EXPECT_NEAR(cases.at(0).token_difference, 3e-4, 5e-5);
    EXPECT_LE(cases.at(0).attention_difference, kAttentionTolerance);
}

TEST_F(SpoiltFixture, FailsWhenUpstreamIsNotANumber) {
    test::Tensors outputs;
    const auto file = folder_.path() / "outputs.safetensors";
    for (const auto& [key, view] : read_checkpoint(file).tensors) {
        outputs[key] = to_tensor(view);
    }
    outputs["cls_attention"][0][0][0] = std::nan("");
    folder_.write("outputs.safetensors", test::safetensors(outputs));
    EXPECT_FALSE(passed(verify_fixture(folder_.path()).at(0)));
}

TEST_F(SpoiltFixture, ReportsWeightsThatDoNotLoad) {
    folder_.write("weights_bad.safetensors", "nonsense");
    const auto cases = verify_fixture(folder_.path());
    ASSERT_EQ(cases.size(), 2U);
    EXPECT_TRUE(passed(cases[0]));
    EXPECT_FALSE(passed(cases[1]));
    test::expect_words(cases[1].error, {"weights_bad.safetensors"});
}

TEST_F(SpoiltFixture, WithoutItsPartsIsNone) {
    fs::remove(folder_.path() / "weights.safetensors");
    test::expect_words(refusal(), {"weights*"});
    fs::remove(folder_.path() / "inputs.safetensors");
    test::expect_words(refusal(), {"inputs.safetensors"});
    folder_.write("config.json", "{\"family\": 3}");
    test::expect_words(refusal(), {"config.json"});
    fs::remove(folder_.path() / "config.json");
    test::expect_words(refusal(), {"config.json"});
}

}  // namespace
}  // namespace patchead
