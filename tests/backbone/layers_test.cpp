#include <algorithm>
#include <array>

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
    const auto result = encode({in_form(TokenForm::raw, {2, 3, 6}), true});
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
    const auto more = encode({in_form(TokenForm::norm, {1, 4, 6}), true});
    EXPECT_EQ(more.tokens, plain.tokens);
    EXPECT_EQ(more.attention, plain.attention);
    EXPECT_TRUE(plain.layers.empty());
    EXPECT_TRUE(plain.image.token.empty());
}

TEST_F(Layers, OfTheLastBlockWithTheNormAreThePatchEmbeddings) {
    const auto result = encode({in_form(TokenForm::norm, {6}), true});
    EXPECT_EQ(result.layers[0].patches, result.tokens);
    EXPECT_EQ(result.layers[0].prefix, result.image.token);
    EXPECT_NE(encode({in_form(TokenForm::raw, {6})}).layers[0].patches, result.tokens);
    EXPECT_NE(encode({in_form(TokenForm::norm, {5})}).layers[0].patches, result.tokens);
}

TEST_F(Layers, AreTheSameAloneAndTogether) {
    const auto together = encode({in_form(TokenForm::raw, {1, 2, 3, 4, 5, 6})});
    const auto alone = encode({in_form(TokenForm::raw, {3})});
    EXPECT_EQ(alone.layers[0].patches, together.layers[2].patches);
    EXPECT_EQ(alone.layers[0].prefix, together.layers[2].prefix);
}

/// Raw is the residual stream, and the norm is that of it: one pass gives both, to the bit.
TEST_F(Layers, InAllFormsOfOnePassAreThoseOfAPassForEach) {
    constexpr std::array forms{TokenForm::raw, TokenForm::norm, TokenForm::projected};
    TokenRequest all{{}, true};
    for (const auto form : forms) { all = merged(all, {in_form(form, {1, 3, 6})}); }
    const auto together = encode(all);
    ASSERT_EQ(together.layers.size(), 9U);
    for (const auto form : forms) {
        const auto alone = encode({in_form(form, {1, 3, 6}), true});
        for (const auto& layer : alone.layers) {
            const auto found = std::ranges::find_if(together.layers, [&](const auto& one) {
                return one.layer == layer.layer && one.form == form;
            });
            ASSERT_NE(found, together.layers.end());
            EXPECT_EQ(found->patches, layer.patches) << layer.layer;
            EXPECT_EQ(found->prefix, layer.prefix) << layer.layer;
        }
        EXPECT_EQ(together.tokens, alone.tokens);
        EXPECT_EQ(together.image.token, alone.image.token);
    }
    EXPECT_NE(together.layers[0].patches, together.layers[1].patches);
    EXPECT_EQ(together.layers[0].form, TokenForm::raw);
}

TEST_F(Layers, ThatTheNetworkHasNotAreRefused) {
    for (const auto& layers : {std::vector{7}, {0}, {-1}, {3, 2}, {2, 2}}) {
        expect_words(
            message_of<ConfigError>([&] { return encode({in_form(TokenForm::norm, layers)}); }),
            {"layer ", "6 blocks", "choose 1 to 6"});
    }
}

}  // namespace
}  // namespace patchead
