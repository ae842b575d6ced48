#include <gtest/gtest.h>

#include "checkpoint_files.hpp"
#include "fixture_folders.hpp"
#include "patchead/backbone/backbone.hpp"
#include "patchead/core/random.hpp"
#include "patchead/core/registry.hpp"

namespace patchead {
namespace {

using test::expect_words;
using test::message_of;

constexpr int kSide = 64;
constexpr int kImages = 3;

/// The built-in network: six blocks of 192 channels, a class token, 16 patches of these images.
class Layers : public testing::Test {
  protected:
    static std::vector<float> noise() {
        Random random("pixels", 6);
        std::vector<float> pixels(3U * kImages * kSide * kSide);
        for (auto& value : pixels) { value = static_cast<float>(random.normal()); }
        return pixels;
    }

    [[nodiscard]] Encoding encode(const TokenRequest& request) const {
        return tiny_->encode(noise(), kImages, kSide, kSide, request);
    }

    std::unique_ptr<const Backbone> tiny_ = [] {
        const auto& entry = find(backbones(), "backbone", "patchead_tiny");
        return load_backbone(entry, test::source_folder() / "configs/backbones" / entry.file, {});
    }();
};

TEST_F(Layers, HaveShapesOfAllTokensAndComeInOrder) {
    const auto result = encode({{2, 3, 6}, TokenForm::raw, true});
    ASSERT_EQ(result.layers.size(), 3U);
    EXPECT_EQ(result.layers[0].layer, 2);
    EXPECT_EQ(result.layers[2].layer, 6);
    for (const auto& layer : result.layers) {
        EXPECT_EQ(layer.patches.size(), kImages * 16U * 192U);
        EXPECT_EQ(layer.prefix.size(), kImages * 192U);
    }
    EXPECT_EQ(result.image.token.size(), kImages * 192U);
    EXPECT_EQ(result.image.feature, result.image.token) << "there is no projection";
}

TEST_F(Layers, ChangeNoBitOfWhatComesWithoutThem) {
    const auto plain = encode({});
    const auto more = encode({{1, 4, 6}, TokenForm::norm, true});
    EXPECT_EQ(more.tokens, plain.tokens);
    EXPECT_EQ(more.attention, plain.attention);
    EXPECT_TRUE(plain.layers.empty());
    EXPECT_TRUE(plain.image.token.empty());
}

TEST_F(Layers, OfTheLastBlockWithTheNormAreThePatchEmbeddings) {
    const auto result = encode({{6}, TokenForm::norm, true});
    EXPECT_EQ(result.layers[0].patches, result.tokens);
    EXPECT_EQ(result.layers[0].prefix, result.image.token);
    EXPECT_NE(encode({{6}, TokenForm::raw}).layers[0].patches, result.tokens);
    EXPECT_NE(encode({{5}, TokenForm::norm}).layers[0].patches, result.tokens);
}

TEST_F(Layers, AreTheSameAloneAndTogether) {
    const auto together = encode({{1, 2, 3, 4, 5, 6}, TokenForm::raw});
    const auto alone = encode({{3}, TokenForm::raw});
    EXPECT_EQ(alone.layers[0].patches, together.layers[2].patches);
    EXPECT_EQ(alone.layers[0].prefix, together.layers[2].prefix);
}

TEST_F(Layers, ThatTheNetworkHasNotAreRefused) {
    for (const auto& layers : {std::vector{7}, {0}, {3, 2}, {2, 2}}) {
        expect_words(message_of<ConfigError>([&] { return encode({layers}); }),
                     {"layer ", "6 blocks", "choose 1 to 6"});
    }
}

}  // namespace
}  // namespace patchead
