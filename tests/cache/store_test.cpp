#include "patchead/cache/store.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <filesystem>

#include <gtest/gtest.h>

#include "store_fixture.hpp"

namespace patchead {
namespace {

TEST_F(StoreTest, FilesArtifactsByKindAndDigest) {
    store_.write(kKey, features(), CacheType::fp16, kProvenance);
    const auto digest = kKey.digest();
    EXPECT_EQ(store_.path(kKey),
              store_.root() / "features" / digest.substr(0, 2) / (digest + ".h5"));
    EXPECT_TRUE(store_.contains(kKey));
    EXPECT_FALSE(store_.contains(ArtifactKey("features", {{"backbone", "other"}})));
    EXPECT_EQ(folder_.files(), 1);
}

TEST_F(StoreTest, GivesBackWhatWasWritten) {
    store_.write(kKey, features(), CacheType::fp16, kProvenance);
    expect_equal(store_.read_features(kKey), features());
    EXPECT_EQ(store_.read_attention(kKey), features().attention);
}

TEST_F(StoreTest, KeepsEveryBitInFp32AndRoundsInFp16) {
    auto block = features(1);
    block.embeddings[5] = 1.0F + 0x1p-12F;
    block.embeddings[6] = 1e5F;
    store_.write(kKey, block, CacheType::fp32, {});
    expect_equal(store_.read_features(kKey), block);

    block.embeddings[6] = 65504.0F;
    store_.write(kKey, block, CacheType::fp16, {});
    const auto rounded = store_.read_features(kKey);
    EXPECT_EQ(rounded.embeddings[5], 1.0F);
    EXPECT_EQ(rounded.embeddings[6], 65504.0F);
}

TEST_F(StoreTest, HasNoAttentionIfTheBackboneGivesNone) {
    store_.write(kKey, features(3, false), CacheType::fp16, kProvenance);
    expect_equal(store_.read_features(kKey), features(3, false));
    EXPECT_TRUE(store_.read_attention(kKey).empty());
}

TEST_F(StoreTest, ReadsOnlySomeImagesInTheOrderAskedFor) {
    const auto whole = features(5);
    for (const auto type : {CacheType::fp16, CacheType::fp32}) {
        store_.write(kKey, whole, type, kProvenance);
        const auto some = store_.read_features(kKey, std::array<std::size_t, 3>{4, 0, 4});
        EXPECT_EQ(some.ids, (std::vector{whole.ids[4], whole.ids[0], whole.ids[4]}));
        for (std::size_t i = 0; i < 3; ++i) {
            const std::size_t row = i == 1 ? 0 : 4;
            EXPECT_TRUE(std::ranges::equal(some.embedding(i), whole.embedding(row)));
            EXPECT_TRUE(std::ranges::equal(some.attention_of(i), whole.attention_of(row)));
        }
    }
    EXPECT_EQ(store_.read_features(kKey, std::span<const std::size_t>()).images(), 0U);
    expect_says(error_of([&] { return store_.read_features(kKey, std::array<std::size_t, 1>{5}); }),
                {"no image 5", "5 images"});
}

TEST_F(StoreTest, GivesBackVersionsAndAlignments) {
    const ArtifactKey key("match", {{"queries", "copies"}});
    store_.write(key, matches_of_copies(), kProvenance);
    EXPECT_EQ(store_.read_matches(key).query_versions, matches_of_copies().query_versions);
    EXPECT_EQ(store_.read_matches(key).reference_versions, matches_of_copies().reference_versions);
    store_.write(kKey, alignments(), kProvenance);
    EXPECT_EQ(store_.read_alignments(kKey), alignments());
    store_.write(kKey, std::vector<Alignment>{}, kProvenance);
    EXPECT_TRUE(store_.read_alignments(kKey).empty());
}

TEST_F(StoreTest, StoresABlockOfNoImages) {
    store_.write(kKey, features(0), CacheType::fp16, kProvenance);
    expect_equal(store_.read_features(kKey), features(0));
}

// More checksums than HDF5 puts into one object header (64 kB).
TEST_F(StoreTest, StoresTwentyThousandImages) {
    FeatureBlock block{.grid = {1, 1}, .dim = 1, .ids = {}, .embeddings = {}, .attention = {}};
    for (int i = 0; i < 20000; ++i) {
        block.ids.push_back(std::to_string(i));
        block.embeddings.push_back(static_cast<float>(i) / 4);
    }
    store_.write(kKey, block, CacheType::fp32, {});
    expect_equal(store_.read_features(kKey), block);
}

TEST_F(StoreTest, KeepsSimilaritiesToTheBitAndNaNWhereImagesAreTheSame) {
    store_.write(kKey, matches(), kProvenance);
    const auto read = store_.read_matches(kKey);
    EXPECT_EQ(read.grid, matches().grid);
    EXPECT_EQ(read.query_ids, matches().query_ids);
    EXPECT_EQ(read.reference_ids, matches().reference_ids);
    ASSERT_EQ(read.similarity.size(), matches().similarity.size());
    for (std::size_t i = 0; i < read.similarity.size(); ++i) {
        EXPECT_EQ(std::bit_cast<std::uint32_t>(read.similarity[i]),
                  std::bit_cast<std::uint32_t>(matches().similarity[i]));
    }
}

TEST_F(StoreTest, KeepsResultsAndTheReasonsOfNaN) {
    store_.write(kKey, result(), kProvenance);
    const auto read = store_.read_result(kKey);
    ASSERT_EQ(read.metrics.size(), 2U);
    EXPECT_EQ(read.metrics[0].name, "I-AUROC");
    EXPECT_EQ(read.metrics[0].value, 0.1);
    EXPECT_EQ(read.metrics[0].reason, "");
    EXPECT_TRUE(std::isnan(read.metrics[1].value));
    EXPECT_EQ(read.metrics[1].reason, "no anomalous pixel");
    EXPECT_EQ(read.ids, result().ids);
    EXPECT_EQ(read.anomalous, result().anomalous);
    EXPECT_EQ(read.scores, result().scores);
    EXPECT_EQ(read.references, result().references);

    store_.write(kKey, PointResult{}, {});
    EXPECT_TRUE(store_.read_result(kKey).metrics.empty());
}

TEST_F(StoreTest, KeepsTheValuesOfImagesOfMetricsThatHaveThem) {
    auto some = result();
    some.metrics.push_back({"AUPIMO", 0.5, "", {0.5, std::nan("")}});
    some.metrics.back().images.resize(some.ids.size(), 0.25);
    store_.write(kKey, some, {});
    const auto read = store_.read_result(kKey);
    ASSERT_EQ(read.metrics.size(), some.metrics.size());
    EXPECT_TRUE(read.metrics.front().images.empty());
    ASSERT_EQ(read.metrics.back().images.size(), some.ids.size());
    for (std::size_t i = 0; i < some.ids.size(); ++i) {
        const auto value = some.metrics.back().images[i];
        EXPECT_EQ(std::isnan(read.metrics.back().images[i]), std::isnan(value));
        if (!std::isnan(value)) { EXPECT_EQ(read.metrics.back().images[i], value); }
    }
}

TEST_F(StoreTest, NamesTheValueThatDoesNotFitFp16AndTheMend) {
    auto block = features();
    block.embeddings[30] = -70000;
    expect_says(error_of([&] {
                    store_.write(kKey, block, CacheType::fp16, {});
                    return 0;
                }),
                {store_.path(kKey).string(), "-70000", "'screw/test/good/01'", "fp32"});
    block.embeddings[30] = std::nanf("");
    for (const auto type : {CacheType::fp16, CacheType::fp32}) {
        expect_says(error_of([&] {
                        store_.write(kKey, block, type, {});
                        return 0;
                    }),
                    {"nan", "'screw/test/good/01'", "not a finite number", "weights"});
    }
    EXPECT_EQ(folder_.files(), 0);
}

TEST_F(StoreTest, RefusesABlockThatContradictsItself) {
    auto block = features();
    block.embeddings.pop_back();
    EXPECT_THROW(store_.write(kKey, block, CacheType::fp16, {}), CacheError);
    auto tensor = matches();
    tensor.query_ids.pop_back();
    EXPECT_THROW(store_.write(kKey, tensor, {}), CacheError);
    auto point = result();
    point.scores.pop_back();
    EXPECT_THROW(store_.write(kKey, point, {}), CacheError);
    EXPECT_EQ(folder_.files(), 0);
}

TEST_F(StoreTest, SaysThatAnArtifactIsAbsent) {
    expect_says(error_of([&] { return store_.read_features(kKey); }),
                {"no file", store_.path(kKey).string(), "run the sweep"});
}

TEST_F(StoreTest, RefusesAnArtifactOfAnotherKind) {
    store_.write(kKey, matches(), kProvenance);
    expect_says(error_of([&] { return store_.read_features(kKey); }),
                {store_.path(kKey).string(), "'match'", "'features'", "remove it"});
}

TEST_F(StoreTest, SetsADamagedFileAsideAndKeepsIt) {
    store_.write(kKey, features(), CacheType::fp16, kProvenance);
    const auto aside = store_.quarantine(kKey);
    EXPECT_FALSE(store_.contains(kKey));
    EXPECT_TRUE(std::filesystem::exists(aside));
    EXPECT_EQ(aside.filename(), store_.path(kKey).filename().string() + ".damaged");
    EXPECT_NO_THROW(static_cast<void>(store_.quarantine(kKey))) << "another rank was quicker";
}

}  // namespace
}  // namespace patchead
