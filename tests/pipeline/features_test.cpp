#include "pipeline/features.hpp"

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

TEST_F(FeaturesTest, SayWhichVersionTheyAre) {
    plan_.embeds[0].copies = Copies{{Version::aligned, Version::rotated}};
    const std::vector<ImageRef> images{{0, 1}, {1, 0}, {0, 0}};
    EXPECT_EQ(read_features(store_, plan_, images).versions,
              (std::vector{Version::rotated, Version::original, Version::aligned}));
}

}  // namespace
}  // namespace patchead
