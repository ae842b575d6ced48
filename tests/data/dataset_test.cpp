#include "patchead/data/dataset.hpp"

#include <algorithm>

#include "mvtec_like.hpp"
#include "patchead/core/digest.hpp"
#include "patchead/core/key.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

class DatasetContract : public testing::TestWithParam<DatasetEntry> {};

TEST_P(DatasetContract, HasANameATitleAndFoldersToLookIn) {
    EXPECT_FALSE(GetParam().name.empty());
    EXPECT_FALSE(GetParam().title.empty());
    EXPECT_FALSE(GetParam().roots.empty());
    const auto same = [](const DatasetEntry& other) { return other.name == GetParam().name; };
    EXPECT_EQ(std::ranges::count_if(datasets(), same), 1);
}

TEST_P(DatasetContract, DoesNotTakeAnEmptyFolderForItself) {
    const auto empty = fs::path(testing::TempDir()) / concat("patchead_", ::getpid(), "_no_data");
    fs::create_directories(empty);
    EXPECT_FALSE(GetParam().get().recognises(empty));
    EXPECT_FALSE(GetParam().get().recognises(empty / "missing"));
    const auto message = message_of<DataError>(
        [&] { static_cast<void>(index_dataset(GetParam().name, empty, {})); });
    EXPECT_NE(message.find(empty.string()), std::string::npos) << message;
    EXPECT_NE(message.find("pass "), std::string::npos) << message;
    fs::remove_all(empty);
}

INSTANTIATE_TEST_SUITE_P(Datasets, DatasetContract,
                         testing::ValuesIn(datasets().begin(), datasets().end()),
                         [](const auto& entry) {
                             std::string name(entry.param.name);
                             std::ranges::replace_if(
                                 name, [](char c) { return c == '-' || c == '.'; }, '_');
                             return name;
                         });

TEST_F(MvtecLike, IsFoundFromItsOwnFolderToo) {
    const auto own = index_dataset("mvtec-like", root_, {});
    EXPECT_EQ(own.samples, index().samples);
}

TEST_F(MvtecLike, NamesTheNearestDataSet) {
    const auto message = message_of<ConfigError>(
        [&] { static_cast<void>(index_dataset("mvtec-lik", folder_, {})); });
    EXPECT_NE(message.find("did you mean 'mvtec-like'"), std::string::npos) << message;
}

TEST_F(MvtecLike, NamesAMissingDataRoot) {
    const auto missing = folder_ / "nowhere";
    const auto message =
        message_of<DataError>([&] { static_cast<void>(index_dataset("mvtec-like", missing, {})); });
    EXPECT_NE(message.find(missing.string()), std::string::npos) << message;
}

TEST_F(MvtecLike, SaysWhatToPassWhenTheDataRootIsTooLow) {
    for (const std::string below : {"nut", "nut/test", "nut/test/crack"}) {
        const auto message = message_of<DataError>(
            [&] { static_cast<void>(index_dataset("mvtec-like", root_ / below, {})); });
        EXPECT_NE(message.find("pass '" + root_.string() + "'"), std::string::npos) << message;
    }
}

TEST_F(MvtecLike, SaysWhatToPassWhenTheDataRootIsTooHigh) {
    fs::rename(root_, folder_ / "my_parts");
    for (const fs::path& deeper : {folder_ / "my_parts", folder_ / "archive/my_parts"}) {
        fs::create_directories(deeper.parent_path());
        fs::rename(folder_ / "my_parts", deeper);
        const auto message = message_of<DataError>([&] { static_cast<void>(index()); });
        EXPECT_NE(message.find("pass '" + deeper.string() + "'"), std::string::npos) << message;
    }
}

TEST_F(MvtecLike, IdDigestDependsOnTheSetOfIdsAlone) {
    auto samples = index().samples;
    const auto digest = id_digest(samples);
    std::ranges::reverse(samples);
    samples[0].image = "elsewhere.png";
    EXPECT_EQ(id_digest(samples), digest);
    samples.pop_back();
    EXPECT_NE(id_digest(samples), digest);
}

TEST_F(MvtecLike, SampleDigestDependsOnImageAndMaskBytes) {
    const auto sample = index({"nut"}).samples[0];
    EXPECT_EQ(sample_digest(sample), digest_of({sha256("nut/test/crack/000.png"),
                                                sha256("nut/ground_truth/crack/000_mask.png")}));
    auto without_mask = sample;
    without_mask.mask.clear();
    EXPECT_EQ(sample_digest(without_mask), digest_of({sha256("nut/test/crack/000.png")}));
    without_mask.image = root_ / "missing.png";
    EXPECT_THROW(static_cast<void>(sample_digest(without_mask)), DataError);
}

}  // namespace
}  // namespace patchead
