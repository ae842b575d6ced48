#include "../../src/pipeline/features.hpp"

#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

/// Two embed units of two and one images; patch values say which image they belong to.
class FeaturesTest : public testing::Test {
  protected:
    FeaturesTest() {
        write(0, {"a", "b"}, {1, 2});
        write(1, {"c"}, {3});
    }

    void write(std::size_t unit, const std::vector<std::string>& ids,
               const std::vector<float>& values) {
        FeatureBlock block{{1, 2}, 3, ids, {}, {}};
        for (const float value : values) {
            block.embeddings.insert(block.embeddings.end(), 6, value);
            block.attention.insert(block.attention.end(), 2, value / 10);
        }
        EmbedUnit embed;
        embed.samples.resize(ids.size());
        embed.key = ArtifactKey("features", {{"unit", std::to_string(unit)}});
        store_.write(embed.key, block, CacheType::fp32, {});
        plan_.embeds.push_back(embed);
    }

    TemporaryFolder folder_;
    Store store_{folder_.path()};
    SweepPlan plan_;
};

TEST_F(FeaturesTest, ComeInTheOrderAskedForFromSeveralArtifacts) {
    const std::vector<ImageRef> images{{1, 0}, {0, 1}, {0, 0}};
    const auto block = read_features(store_, plan_, images);
    EXPECT_EQ(block.ids, (std::vector<std::string>{"c", "b", "a"}));
    EXPECT_EQ(block.embedding(0)[5], 3);
    EXPECT_EQ(block.embedding(1)[0], 2);
    EXPECT_EQ(block.embedding(2)[0], 1);
    EXPECT_FLOAT_EQ(block.attention_of(1)[1], 0.2F);
    EXPECT_EQ(read_attention(store_, plan_, images), block.attention);
}

TEST_F(FeaturesTest, ADamagedArtifactIsSetAsideAndNamed) {
    const auto file = store_.path(plan_.embeds[1].key);
    std::filesystem::resize_file(file, 1000);
    const std::vector<ImageRef> images{{1, 0}};
    try {
        static_cast<void>(read_features(store_, plan_, images));
        FAIL() << "no exception";
    } catch (const CacheError& error) {
        EXPECT_NE(std::string(error.what()).find(file.string()), std::string::npos);
        EXPECT_NE(std::string(error.what()).find("run the same command again"), std::string::npos);
    }
    EXPECT_FALSE(store_.contains(plan_.embeds[1].key));
}

std::vector<Sample> samples(const std::vector<std::string>& ids) {
    std::vector<Sample> result(ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) { result[i].id = ids[i]; }
    return result;
}

TEST(ScoreMerger, PutsBatchesIntoTheOrderOfTheTests) {
    const auto all = samples({"a", "b", "c"});
    const std::vector<std::size_t> tests{0, 1, 2};
    ScoreMerger merger(all, tests);
    merger.add({{1, 2}, {"c", "a"}, {5, 6, 1, 2}, {6, 2}});
    merger.add({{1, 2}, {"b"}, {3, 4}, {4}});
    const auto merged = merger.merged();
    EXPECT_EQ(merged.ids, (std::vector<std::string>{"a", "b", "c"}));
    EXPECT_EQ(merged.patches, (std::vector<float>{1, 2, 3, 4, 5, 6}));
    EXPECT_EQ(merged.images, (std::vector<float>{2, 4, 6}));
}

TEST(ScoreMerger, NoticesAnImageThatIsMissingOrScoredTwice) {
    const auto all = samples({"a", "b"});
    const std::vector<std::size_t> tests{0, 1};
    ScoreMerger missing(all, tests);
    missing.add({{1, 1}, {"a"}, {1}, {1}});
    EXPECT_THROW(static_cast<void>(missing.merged()), std::logic_error);
    ScoreMerger twice(all, tests);
    twice.add({{1, 1}, {"a", "b"}, {1, 1}, {1, 1}});
    twice.add({{1, 1}, {"a"}, {1}, {1}});
    EXPECT_THROW(static_cast<void>(twice.merged()), std::logic_error);
}

}  // namespace
}  // namespace patchead
