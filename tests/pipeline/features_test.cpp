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

TEST_F(FeaturesTest, TokensComeInTheSameOrder) {
    const TokenRequest tokens{in_form(TokenForm::raw, {4}), true};
    for (std::size_t unit = 0; unit < 2; ++unit) {
        auto block = store_.read_features(plan_.embeds[unit].key);
        block.layers = {{4, {1, 2}, 1, {}, {}, TokenForm::raw}};
        for (std::size_t i = 0; i < block.images(); ++i) {
            const float value = block.embedding(i)[0];
            block.layers[0].patches.insert(block.layers[0].patches.end(), 2, 10 * value);
            block.layers[0].prefix.push_back(20 * value);
            block.image_tokens.feature.push_back(30 * value);
        }
        auto& key = plan_.embeds[unit].key;
        key = key.with(tokens);
        store_.write(key, block, CacheType::fp32, {});
    }
    const std::vector<ImageRef> images{{1, 0}, {0, 1}, {0, 0}};
    const TokenLayer four{4, TokenForm::raw};
    const auto layer = read_layer(store_, plan_, images, four);
    EXPECT_EQ(layer.dim, 1);
    EXPECT_EQ(layer.ids, (std::vector<std::string>{"c", "b", "a"}));
    EXPECT_EQ(layer.embeddings, (std::vector<float>{30, 30, 20, 20, 10, 10}));
    EXPECT_EQ(read_prefix(store_, plan_, images, four).values, (std::vector<float>{60, 40, 20}));
    EXPECT_EQ(read_image_tokens(store_, plan_, images).feature, (std::vector<float>{90, 60, 30}));
    const auto all = read_with_tokens(store_, plan_, images, tokens);
    EXPECT_EQ(all.layers[0].patches, layer.embeddings);
    EXPECT_EQ(all.embedding(1)[0], 2);
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
