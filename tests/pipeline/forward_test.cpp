#include "pipeline/forward.hpp"

#include <algorithm>
#include <tuple>

#include <gtest/gtest.h>

#include "embedded.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/input_shape.hpp"

namespace patchead {
namespace {

constexpr int kPatch = 2;

/// A patch's embedding: its first red pixel, and how many patches it sees to the left and above. Of
/// layer k the patches are that pixel and k, the class token is k; the token of an image is 9.
class Places final : public Backbone {
  public:
    Places() { info_.patch_px = kPatch; }

    using Backbone::encode;
    [[nodiscard]] Encoding encode(std::span<const float> pixels, int batch, int height, int width,
                                  const TokenRequest& request) const override {
        const Grid grid{height / kPatch, width / kPatch};
        Encoding encoding{grid, 3, 1, {}, {}};
        const auto plane = static_cast<std::size_t>(height * width);
        for (std::size_t image = 0; image < static_cast<std::size_t>(batch); ++image) {
            for (int patch = 0; patch < grid.size(); ++patch) {
                const int row = patch / grid.cols;
                const int col = patch % grid.cols;
                const auto at = static_cast<std::size_t>(kPatch * (row * width + col));
                encoding.tokens.insert(encoding.tokens.end(),
                                       {pixels[image * 3 * plane + at], static_cast<float>(row),
                                        static_cast<float>(col)});
                encoding.attention.push_back(static_cast<float>(patch));
            }
        }
        for (const auto& [layer, form] : request.layers) {
            auto& own = encoding.layers.emplace_back(LayerEncoding{layer, grid, {}, {}, form});
            for (std::size_t i = 0; i < encoding.tokens.size(); i += 3) {
                own.patches.insert(own.patches.end(),
                                   {encoding.tokens[i], static_cast<float>(layer)});
            }
            own.prefix.assign(static_cast<std::size_t>(2 * batch), static_cast<float>(layer));
        }
        if (request.image && has_token) {
            encoding.image.token.assign(static_cast<std::size_t>(batch), 9);
        }
        passes.push_back(batch);
        return encoding;
    }
    [[nodiscard]] int images_within(std::int64_t, int, int, const TokenRequest&) const override {
        return 1;
    }
    [[nodiscard]] const BackboneInfo& info() const override { return info_; }

    mutable std::vector<int> passes;
    bool has_token = true;

  private:
    BackboneInfo info_;
};

/// An input whose values are their own numbers.
NetworkInput counting(int rows, int cols, float first = 0) {
    NetworkInput input{rows * kPatch, cols * kPatch, {}};
    for (int i = 0; i < 3 * input.height * input.width; ++i) {
        input.values.push_back(first + static_cast<float>(i));
    }
    return input;
}

FeatureBlock features(const Backbone& backbone, const std::vector<NetworkInput>& inputs,
                      const ForwardOptions& how) {
    std::vector<std::string> ids;
    for (const auto& input : inputs) { ids.push_back(concat("of ", input.values.front())); }
    FeatureBlock block;
    embed_inputs(backbone, ids, {[&](std::size_t row) { return inputs[row]; }, 2}, how,
                 [&](FeatureBlock part) { append(std::move(part), block); });
    return block;
}

float red(const FeatureBlock& block, std::size_t image, int row, int col) {
    return block.embedding(image)[static_cast<std::size_t>(3 * (row * block.grid.cols + col))];
}

TEST(Forward, PutsTilesTogetherToTheGridOfTheImage) {
    const std::vector inputs{counting(5, 7), counting(5, 7, 1000)};
    const auto whole = features(Places(), inputs, {{5, 7}, 4, {}});
    for (const int overlap : {0, 1, 2}) {
        for (const std::size_t at_once : {1U, 3U, 50U}) {
            const Places network;
            const auto tiled =
                features(network, inputs, {{5, 7}, at_once, {3 * kPatch, overlap * kPatch}});
            EXPECT_EQ(tiled.grid, (Grid{5, 7}));
            EXPECT_EQ(tiled.ids, whole.ids);
            EXPECT_TRUE(tiled.attention.empty()) << "of each tile by itself";
            EXPECT_LE(*std::ranges::max_element(network.passes), static_cast<int>(at_once));
            for (std::size_t image = 0; image < 2; ++image) {
                for (int patch = 0; patch < 35; ++patch) {
                    EXPECT_EQ(red(tiled, image, patch / 7, patch % 7),
                              red(whole, image, patch / 7, patch % 7));
                }
            }
        }
    }
}

TEST(Forward, PutsTilesOfLayersTogetherInTheFrameAsThoseOfEmbeddings) {
    const std::vector inputs{counting(5, 7), counting(3, 4, 1000)};
    const TokenRequest tokens{in_form(TokenForm::raw, {2, 5})};
    for (const Tiling tiling : {Tiling{}, Tiling{3 * kPatch, kPatch}}) {
        const auto block = features(Places(), inputs, {{6, 7}, 3, tiling, tokens});
        ASSERT_EQ(block.layers.size(), 2U);
        const auto& layer = block.layers[1];
        EXPECT_EQ(layer.layer, 5);
        EXPECT_EQ(layer.form, TokenForm::raw);
        EXPECT_EQ(layer.grid, (Grid{6, 7}));
        EXPECT_EQ(layer.dim, 2);
        ASSERT_EQ(layer.patches.size(), 2U * 6 * 7 * 2);
        for (std::size_t patch = 0; patch < std::size_t{2} * 6 * 7; ++patch) {
            EXPECT_EQ(layer.patches[2 * patch], block.embeddings[3 * patch]);
            EXPECT_EQ(layer.patches[2 * patch + 1], 5);
        }
        const bool whole = tiling == Tiling{};
        EXPECT_EQ(layer.prefix, whole ? std::vector<float>(4, 5) : std::vector<float>())
            << "a tile's class token says nothing of the image";
    }
}

/// The same with two layers more: of twice as many patches, and of half as many, what is left over
/// having one, too. A patch is its own number.
class Pyramid final : public Backbone {
  public:
    Pyramid() {
        info_.patch_px = kPatch;
        info_.layer_shapes = {{"fine", kPatch / 2, 1}, {"coarse", 2 * kPatch, 1}};
    }

    using Backbone::encode;
    [[nodiscard]] Encoding encode(std::span<const float> pixels, int batch, int height, int width,
                                  const TokenRequest& request) const override {
        auto encoding = Places().encode(pixels, batch, height, width, {});
        for (const auto& [layer, form] : request.layers) {
            const auto grid = info_.grid_of(layer, encoding.grid);
            auto& own = encoding.layers.emplace_back(LayerEncoding{layer, grid, {}, {}, form});
            for (int i = 0; i < batch * grid.size(); ++i) {
                own.patches.push_back(static_cast<float>(i % grid.size()));
            }
        }
        return encoding;
    }
    [[nodiscard]] int images_within(std::int64_t, int, int, const TokenRequest&) const override {
        return 1;
    }
    [[nodiscard]] const BackboneInfo& info() const override { return info_; }

  private:
    BackboneInfo info_;
};

TEST(Forward, PutsLayersOfOtherGridsIntoTheFrameAsItIsInThem) {
    const TokenRequest tokens{in_form(TokenForm::norm, {1, 2})};
    const auto block =
        features(Pyramid(), {counting(3, 3), counting(1, 5)}, {{3, 5}, 3, {}, tokens});
    ASSERT_EQ(block.layers.size(), 2U);
    const auto& [fine, coarse] = std::tie(block.layers[0], block.layers[1]);
    EXPECT_EQ(fine.grid, (Grid{6, 10}));
    EXPECT_EQ(fine.dim, 1);
    EXPECT_EQ(fine.patches.size(), 2U * 60);
    EXPECT_EQ(fine.patches[10], 6) << "the first of the second row of 3 x 2";
    EXPECT_EQ(fine.patches[6], 0) << "beyond the image: its first patch";
    EXPECT_EQ(coarse.grid, (Grid{2, 3}));
    EXPECT_EQ(coarse.patches, (std::vector<float>{0, 1, 0, 2, 3, 0, 0, 1, 2, 0, 0, 0}));
}

TEST(Forward, RefusesLayersOfOtherGridsInTiles) {
    const TokenRequest tokens{in_form(TokenForm::norm, {2})};
    const ForwardOptions tiles{{4, 4}, 3, {2 * kPatch, 0}, tokens};
    try {
        features(Pyramid(), {counting(4, 4)}, tiles);
        FAIL() << "went through";
    } catch (const ConfigError& error) {
        EXPECT_NE(std::string(error.what()).find("layer 2"), std::string::npos) << error.what();
        EXPECT_NE(std::string(error.what()).find("leave --tile"), std::string::npos);
    }
}

TEST(Forward, GivesTokensOfImagesWhereThereAreAny) {
    const std::vector inputs{counting(2, 1), counting(2, 1)};
    const TokenRequest tokens{{}, true};
    EXPECT_EQ(features(Places(), inputs, {{2, 1}, 3, {}, tokens}).image_tokens.token,
              (std::vector<float>{9, 9}));
    Places none;
    none.has_token = false;
    EXPECT_THROW(features(none, inputs, {{2, 1}, 3, {}, tokens}), ConfigError);
    EXPECT_THROW(features(Places(), inputs, {{2, 1}, 3, {kPatch, 0}, tokens}), ConfigError);
}

TEST(Forward, TakesAPatchFromTheTileInWhichItIsMostCentral) {
    const auto block = features(Places(), {counting(1, 6)}, {{1, 6}, 8, {4 * kPatch, 2 * kPatch}});
    for (std::size_t patch = 0; patch < 6; ++patch) {
        const auto seen_to_the_left =
            static_cast<float>(patch < 3 ? patch : patch - 2);  // Tiles begin at 0 and 2.
        EXPECT_EQ(block.embeddings[3 * patch + 2], seen_to_the_left);
    }
}

TEST(Forward, BatchesImagesOfOneSizeAndKeepsTheirOrder) {
    const Places network;
    const std::vector inputs{counting(2, 1, 100), counting(2, 1, 200), counting(1, 3, 300),
                             counting(1, 3, 400), counting(2, 3, 500)};
    const auto block = features(network, inputs, {{2, 3}, 8, {}});
    EXPECT_EQ(network.passes, (std::vector<int>{1, 1, 2, 1}));
    for (std::size_t image = 0; image < 5; ++image) {
        EXPECT_EQ(red(block, image, 0, 0), 100.0F * static_cast<float>(image + 1));
    }
}

TEST(Forward, RepeatsTheFirstPatchBeyondThoseOfAnImage) {
    const auto block = features(Places(), {counting(2, 1)}, {{3, 2}, 8, {}});
    EXPECT_EQ(block.grid, (Grid{3, 2}));
    const auto first = red(block, 0, 0, 0);
    const auto second = red(block, 0, 1, 0);
    EXPECT_NE(first, second);
    const std::vector expected{first, first, second, first, first, first};
    for (int patch = 0; patch < 6; ++patch) {
        EXPECT_EQ(red(block, 0, patch / 2, patch % 2), expected[static_cast<std::size_t>(patch)]);
    }
    EXPECT_EQ(block.attention, (std::vector<float>{0, 0, 1, 0, 0, 0}));
}

TEST(PassSize, IsThatOfATileOrOfASmallerImage) {
    EXPECT_EQ(pass_size({5, 7}, kPatch, {}), (MapSize{10, 14}));
    EXPECT_EQ(pass_size({5, 7}, kPatch, {6, 2}), (MapSize{6, 6}));
    EXPECT_EQ(pass_size({2, 7}, kPatch, {6, 2}), (MapSize{4, 6}));
}

}  // namespace
}  // namespace patchead
