#include "setup/sweep_data.hpp"

#include <set>

#include "data/mvtec_like.hpp"
#include "patchead/core/digest.hpp"
#include "patchead/data/manifest.hpp"

namespace patchead {
namespace {

/// A data root with "nut" and "bolt" in two data sets of MVTec's layout: "mvtec-like" and "folder".
class SweepDataTest : public MvtecLike {
  protected:
    void SetUp() override {
        MvtecLike::SetUp();
        std::filesystem::copy(root_, folder_ / "folder", std::filesystem::copy_options::recursive);
    }

    [[nodiscard]] DataRequest request(const std::vector<std::string>& categories,
                                      const std::vector<std::string>& datasets = {
                                          "mvtec-like"}) const {
        return {.data_root = folder_, .datasets = datasets, .categories = categories};
    }
    /// "data set/category" of what is found.
    static std::set<std::string> found(const DataRequest& request) {
        std::set<std::string> names;
        for (const auto& sample : find_data(request).samples) {
            names.insert(sample.dataset + "/" + sample.category);
        }
        return names;
    }
    /// A manifest of all of "mvtec-like".
    [[nodiscard]] std::filesystem::path manifest() const {
        auto frozen = index();
        digest_samples(frozen.samples, 1);
        write_bytes(folder_ / "split.tsv", freeze(std::span(&frozen, 1)));
        return folder_ / "split.tsv";
    }
    template <class E>
    static void expect_refused(const DataRequest& request, const std::vector<std::string>& parts) {
        const auto message = message_of<E>([&] { static_cast<void>(find_data(request)); });
        for (const auto& part : parts) {
            EXPECT_NE(message.find(part), std::string::npos) << message;
        }
    }
};

using Categories = std::set<std::string>;

TEST_F(SweepDataTest, HasAllCategoriesIfNoneIsNamed) {
    const auto data = find_data(request({}));
    EXPECT_EQ(data.samples, index().samples);
    EXPECT_EQ(data.id_digests.at("mvtec-like"), id_digest(index().samples));
    EXPECT_EQ(data.notes.front(), describe(index()));
}

TEST_F(SweepDataTest, HasACategoryOfEveryDataSetOrOfOne) {
    const std::vector<std::string> both{"mvtec-like", "folder"};
    EXPECT_EQ(found(request({"nut"}, both)), (Categories{"folder/nut", "mvtec-like/nut"}));
    EXPECT_EQ(found(request({"mvtec-like/nut", "folder/bolt"}, both)),
              (Categories{"folder/bolt", "mvtec-like/nut"}));
    EXPECT_EQ(found(request({"mvtec-like/nut"}, both)),
              (Categories{"folder/bolt", "folder/nut", "mvtec-like/nut"}))
        << "nothing is said about the other one";
}

TEST_F(SweepDataTest, IsListedInTheOrderOfTheDataSetsAsked) {
    const auto data = find_data(request({"nut"}, {"mvtec-like", "folder"}));
    EXPECT_EQ(data.samples.front().dataset, "mvtec-like");
    EXPECT_EQ(data.samples.back().dataset, "folder");
    EXPECT_EQ(data.id_digests.size(), 2U);
}

TEST_F(SweepDataTest, HasPerturbedDataSetsBesideOrInPlaceOfTheirOwn) {
    const auto data = find_data(request({"nut"}, {"mvtec-like", "mvtec-like+noise-0.1"}));
    const auto alone = find_data(request({"nut"}, {"mvtec-like+noise-0.1"})).samples;
    ASSERT_EQ(data.samples.size(), 2 * alone.size());
    EXPECT_TRUE(data.id_digests.contains("mvtec-like+noise-0.1"));
    std::size_t perturbed = 0;
    for (std::size_t i = 0; i < alone.size(); ++i) {
        EXPECT_EQ(data.samples[alone.size() + i], alone[i]);
        EXPECT_EQ(data.samples[i].id, alone[i].id);
        EXPECT_EQ(data.samples[i].perturbation, "");
        EXPECT_EQ(alone[i].perturbation.empty(), alone[i].split == "train");
        perturbed += alone[i].perturbation.empty() ? 0 : 1;
    }
    EXPECT_GT(perturbed, 0U);
    auto frozen = request({"nut"}, {"mvtec-like+crop-0.8"});
    frozen.manifest = manifest();
    EXPECT_EQ(find_data(frozen).samples.size(), alone.size());
    const auto message = message_of<ConfigError>(
        [&] { static_cast<void>(find_data(request({}, {"mvtec-like+blur"}))); });
    EXPECT_NE(message.find("perturbation 'blur'"), std::string::npos) << message;
}

TEST_F(SweepDataTest, NamesTheCategoryNearestToAnUnknownOneAndTheFolder) {
    expect_refused<DataError>(
        request({"nutt"}),
        {"unknown category 'nutt' (did you mean 'nut'?); one of: bolt, nut", root_.string()});
}

TEST_F(SweepDataTest, OfAManifestNamesTheCategoryNearestToAnUnknownOne) {
    auto frozen = request({"mvtec-like/nutt"});
    frozen.manifest = manifest();
    expect_refused<ConfigError>(
        frozen, {"unknown category 'nutt' (did you mean 'nut'?); one of: bolt, nut"});
    frozen.categories = {"mvtec-like/nut"};
    EXPECT_EQ(found(frozen), Categories{"mvtec-like/nut"});
}

TEST_F(SweepDataTest, OfAManifestNamesTheDataSetNearestToAnUnknownOne) {
    auto frozen = request({}, {"mvtec-lik"});
    frozen.manifest = manifest();
    expect_refused<ConfigError>(frozen, {frozen.manifest.string(),
                                         "unknown data set 'mvtec-lik' (did you "
                                         "mean 'mvtec-like'?)"});
}

TEST_F(SweepDataTest, NeedsADataRoot) {
    auto nowhere = request({});
    nowhere.data_root.clear();
    expect_refused<ConfigError>(nowhere, {"'--data-root' is required but missing; pass the folder "
                                          "that holds the data sets"});
}

TEST_F(SweepDataTest, NeedsNoDataRootForFoldersOfItsOwn) {
    DataRequest own;
    own.datasets = {"folder"};
    own.folders.normal = root_ / "nut" / "train" / "good";
    own.folders.abnormal = root_ / "nut" / "test" / "crack";
    EXPECT_EQ(found(own), Categories{"folder/folder"});
}

TEST_F(SweepDataTest, DigestsOnlyTheFilesThatAreNeeded) {
    auto samples = find_data(request({"nut"})).samples;
    ASSERT_GE(samples.size(), 3U);
    digest_needed(samples, {0, 2}, 2);
    EXPECT_EQ(samples[0].digest, sample_digest(samples[0]));
    EXPECT_EQ(samples[1].digest, "");
    EXPECT_EQ(samples[2].digest, sample_digest(samples[2]));
}

TEST_F(SweepDataTest, OfAManifestIsRefusedWhereANeededFileIsAnother) {
    auto frozen = request({});
    frozen.manifest = manifest();
    write_bytes(root_ / "bolt" / "test" / "crack" / "000.png", "another image");
    auto samples = find_data(frozen).samples;
    const auto message = message_of<DataError>([&] { digest_needed(samples, {0}, 1); });
    EXPECT_NE(message.find("000.png"), std::string::npos) << message;
    EXPECT_NO_THROW(digest_needed(samples, {1}, 1));
}

}  // namespace
}  // namespace patchead
