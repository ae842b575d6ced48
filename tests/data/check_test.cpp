#include "patchead/data/check.hpp"

#include "native_trees.hpp"
#include "patchead/data/demo_data.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

/// The demo's data set: sound, with files that can be spoilt.
class Check : public NativeTree {
  protected:
    void SetUp() override {
        NativeTree::SetUp();
        write_demo_data(folder_,
                        {.seed = 0, .side_px = 32, .train = 3, .test_good = 2, .per_defect = 1});
        for (const auto& sample : index_dataset("mvtec-like", folder_, {}).samples) {
            (sample.anomalous ? defective_ : sample.split == "train" ? train_ : good_) = sample;
        }
    }

    DatasetCheck check(const CheckOptions& options = {}) const {
        return check_dataset("mvtec-like", folder_, {}, options);
    }

    /// The check has one finding, of the given kind, and it names `part`.
    void expect_one(bool is_error, const std::string& part) const {
        const auto found = check();
        ASSERT_EQ(found.findings.size(), 1U);
        EXPECT_EQ(found.findings[0].is_error, is_error);
        EXPECT_EQ(found.has_errors(), is_error);
        EXPECT_NE(found.findings[0].text.find(part), std::string::npos) << found.findings[0].text;
    }

    Sample train_;
    Sample good_;
    Sample defective_;
};

TEST_F(Check, HasNoFindingForASoundDataSet) {
    const auto found = check();
    EXPECT_TRUE(found.findings.empty()) << found.findings[0].text;
    EXPECT_FALSE(found.has_errors());
    EXPECT_EQ(found.root, folder_ / "mvtec-like");
    ASSERT_EQ(found.categories.size(), 3U);
    for (const auto& category : found.categories) {
        EXPECT_EQ(category.found.train, 3);
        EXPECT_EQ(category.found.test_normal, 2);
        EXPECT_EQ(category.published, std::nullopt);
        EXPECT_EQ(category.sizes, (SizeRange{32, 32, 32, 32}));
    }
    EXPECT_EQ(found.id_digest, id_digest(index_dataset("mvtec-like", folder_, {}).samples));
}

TEST_F(Check, NamesAnUnreadableImageAndGoesOn) {
    const auto size = fs::file_size(good_.image);
    fs::resize_file(good_.image, size / 2);
    expect_one(true, good_.image.string());
    fs::resize_file(train_.image, 0);
    EXPECT_EQ(check().findings.size(), 2U);
}

TEST_F(Check, OpensNoImageIfAskedNotTo) {
    fs::resize_file(good_.image, 0);
    const auto fast = check({.read_files = false});
    EXPECT_TRUE(fast.findings.empty());
    EXPECT_EQ(fast.categories[0].sizes, std::nullopt);
    EXPECT_EQ(fast.id_digest, check().id_digest);
}

TEST_F(Check, NamesAMaskOfAnotherSize) {
    write_png(defective_.mask, Mask{32, 31, std::vector<std::uint8_t>(32 * 31, 1)});
    expect_one(true, defective_.mask.string());
}

TEST_F(Check, WarnsOfAnEmptyMaskOfADefectiveImage) {
    write_png(defective_.mask, Mask{32, 32, std::vector<std::uint8_t>(32 * 32)});
    expect_one(false, defective_.mask.string());
}

TEST_F(Check, WarnsOfATestImageThatIsATrainingImage) {
    fs::copy_file(train_.image, good_.image, fs::copy_options::overwrite_existing);
    expect_one(false, train_.image.string());
    fs::copy_file(train_.image, train_.image.parent_path() / "copy.png");
    EXPECT_EQ(check().findings.size(), 2U) << "twice in train is another finding";
}

TEST_F(Check, GivesTheSizesOfSmallestAndLargest) {
    write_png(good_.image, Image{20, 50, std::vector<std::uint8_t>(20 * 50 * 3)});
    const auto found = check();
    const auto category = std::ranges::find(found.categories, good_.category, &CategoryCheck::name);
    EXPECT_EQ(category->sizes, (SizeRange{20, 32, 32, 50}));
}

TEST_F(Check, PutsErrorsFirstAndDoesNotDependOnThreads) {
    fs::resize_file(good_.image, 10);
    fs::resize_file(train_.image, 11);
    write_png(defective_.mask, Mask{32, 32, std::vector<std::uint8_t>(32 * 32)});
    const auto one = check({.threads = 1});
    ASSERT_EQ(one.findings.size(), 3U);
    EXPECT_TRUE(one.findings[1].is_error);
    EXPECT_FALSE(one.findings[2].is_error);
    EXPECT_EQ(check({.threads = 7}).findings, one.findings);
}

TEST_F(Check, TurnsAnIndexThatFailsIntoOneError) {
    fs::remove(defective_.image);
    expect_one(true, defective_.mask.string());
    EXPECT_TRUE(check().root.empty());
    EXPECT_TRUE(check_dataset("visa", folder_, {}, {}).has_errors());
    EXPECT_THROW(static_cast<void>(check_dataset("vista", folder_, {}, {})), ConfigError);
}

TEST_F(Check, TellsHeatMapsByTheirColours) {
    Image jet{16, 16, {}};
    for (int i = 0; i < 256; ++i) {
        const auto level = static_cast<std::uint8_t>(4 * (i % 64));
        const auto rest = static_cast<std::uint8_t>(255 - level);
        jet.rgb.insert(jet.rgb.end(), {i < 64    ? std::uint8_t{0}
                                       : i < 128 ? level
                                                 : std::uint8_t{255},
                                       i < 64    ? level
                                       : i < 128 ? std::uint8_t{255}
                                       : i < 192 ? rest
                                                 : std::uint8_t{0},
                                       i < 64    ? std::uint8_t{255}
                                       : i < 128 ? rest
                                                 : std::uint8_t{0}});
    }
    write_png(good_.image, jet);
    expect_one(false, "colours of a heat map");
}

TEST_F(Check, TellsImagesThatDoNotHaveThePublishedSize) {
    write_png(folder_ / "mvtec/pill/train/good/0.png", Image{8, 8, std::vector<std::uint8_t>(192)});
    const auto found = check_dataset("mvtec", folder_, {}, {});
    const auto is_size = [](const Finding& finding) {
        return finding.text.find("8 x 8 px; published: 800 x 800") != std::string::npos;
    };
    EXPECT_EQ(std::ranges::count_if(found.findings, is_size), 1);
}

/// Real files: no error, and no warning but that the set is not whole.
class RealCheck : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(RealCheck, HasNoFalseAlarm) {
    SKIP_WITHOUT_SHARED();
    const auto [name, folder] = GetParam();
    const auto found =
        check_dataset(name, shared_folder() / "datasets" / folder, {}, {.threads = 2});
    EXPECT_FALSE(found.categories.empty());
    for (const auto& finding : found.findings) {
        EXPECT_FALSE(finding.is_error) << finding.text;
        const bool is_known = finding.text.find("published") != std::string::npos ||
                              finding.text.find("no masks") != std::string::npos;
        EXPECT_TRUE(is_known) << finding.text;
    }
    for (const auto& category : found.categories) { EXPECT_TRUE(category.sizes.has_value()); }
}

INSTANTIATE_TEST_SUITE_P(
    Sets, RealCheck,
    testing::Values(std::pair("mvtec", "mvtec_ad_512"), std::pair("ksdd", "ksdd"),
                    std::pair("visa", "visa_samples"), std::pair("mvtec", "more/mvtec_ad_320"),
                    std::pair("mpdd", "more/mpdd_256"), std::pair("ksdd", "more/ksdd_256"),
                    std::pair("mvtec-like", "more/magnetic_tile_as_mvtec"),
                    std::pair("mvtec-like", "more/mvtec_loco_as_mvtec_256")));

}  // namespace
}  // namespace patchead
