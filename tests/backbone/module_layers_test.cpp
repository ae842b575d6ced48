#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "torchscript_module.hpp"

namespace patchead {
namespace {

using test::expect_words;
using test::message_of;

/// A module as a CNN is: patches of 4 px are embeddings, layers have strides of 2 and 8 px, and the
/// token of the image is the mean of the embeddings.
class ModuleLayers : public TorchScript {
  protected:
    static constexpr const char* kCnn = R"(
def forward(self, x):
    embedded = torch.conv2d(x, self.weight, None, [4, 4])
    fine = torch.avg_pool2d(x, [2, 2], ceil_mode=True)
    coarse = torch.avg_pool2d(embedded[:, :5], [2, 2], ceil_mode=True)
    return embedded.flatten(2).transpose(1, 2), fine, coarse, embedded.mean([2, 3])
)";

    ModuleLayers() {
        description_["prefix_tokens"] = 0;
        description_["layers"] = {layer("fine", 2, 3), layer("coarse", 8, 5)};
        description_["image_token"] = true;
    }

    static json layer(const char* name, int stride, int channels) {
        return {{"name", name}, {"stride", stride}, {"channels", channels}};
    }

    /// Channels of the map `map[B, C, h, w]` behind each other, as layers are stored.
    static std::vector<float> as_tokens(const at::Tensor& map) {
        const auto tokens = map.flatten(2).transpose(1, 2).contiguous();
        const auto* const begin = tokens.data_ptr<float>();
        return {begin, begin + tokens.numel()};
    }
};

TEST_F(ModuleLayers, AreGivenInTheirOwnGridsAndChannels) {
    write_module(kCnn);
    const auto backbone = load();
    const auto& info = backbone->info();
    EXPECT_EQ(info.layers, 2);
    EXPECT_EQ(info.layer_shapes, (std::vector<LayerShape>{{"fine", 2, 3}, {"coarse", 8, 5}}));
    EXPECT_FALSE(info.has_attention());
    const auto pixels = noise(2, 12, 16);
    const auto encoding =
        backbone->encode(pixels, 2, 12, 16, {in_form(TokenForm::norm, {1, 2}), true});
    EXPECT_EQ(encoding.grid, (Grid{3, 4}));
    ASSERT_EQ(encoding.layers.size(), 2U);
    EXPECT_EQ(encoding.layers[0].grid, (Grid{6, 8}));
    EXPECT_EQ(encoding.layers[1].grid, (Grid{2, 2})) << "12 px have a patch of 8 px and half a one";
    const auto images = at::tensor(pixels).view({2, 3, 12, 16});
    const auto embedded = at::conv2d(images, weight_, {}, {4, 4});
    EXPECT_EQ(encoding.tokens, as_tokens(embedded));
    EXPECT_EQ(encoding.layers[0].patches, as_tokens(at::avg_pool2d(images, 2)));
    EXPECT_EQ(encoding.layers[1].patches,
              as_tokens(at::avg_pool2d(embedded.slice(1, 0, 5), {2, 2}, {}, 0, true)));
    EXPECT_TRUE(encoding.layers[1].prefix.empty());
    EXPECT_EQ(encoding.image.token, as_tokens(embedded.mean({2, 3}).unsqueeze(2)));
}

TEST_F(ModuleLayers, AreOnlyThoseThatAreAskedFor) {
    write_module(kCnn);
    const auto backbone = load();
    const auto pixels = noise(1, 16, 16);
    const auto all = backbone->encode(pixels, 1, 16, 16, {in_form(TokenForm::norm, {1, 2}), true});
    const auto second = backbone->encode(pixels, 1, 16, 16, {in_form(TokenForm::raw, {2})});
    ASSERT_EQ(second.layers.size(), 1U);
    EXPECT_EQ(second.layers[0].layer, 2);
    EXPECT_EQ(second.layers[0].patches, all.layers[1].patches) << "there is one form";
    EXPECT_TRUE(second.image.token.empty());
    const auto none = backbone->encode(pixels, 1, 16, 16);
    EXPECT_TRUE(none.layers.empty());
    EXPECT_EQ(none.tokens, all.tokens);
    expect_words(message_of<ConfigError>([&] {
                     return backbone->encode(pixels, 1, 16, 16, {in_form(TokenForm::norm, {3})});
                 }),
                 {"layer 3", "choose 1 to 2"});
}

TEST_F(ModuleLayers, MayComeWithAttentionAndInAList) {
    auto code = std::string(kCnn);
    const std::string plain = "fine, coarse, embedded.mean([2, 3])";
    const auto at = code.find(plain);
    code.replace(
        at, plain.size(),
        "x[:, :2, ::4, ::4].flatten(2), [fine, coarse], " + std::string("embedded.mean([2, 3])"));
    write_module(code);
    const auto backbone = load();
    EXPECT_EQ(backbone->info().heads, 2);
    const auto encoding =
        backbone->encode(noise(1, 16, 16), 1, 16, 16, {in_form(TokenForm::norm, {1})});
    EXPECT_EQ(encoding.attention.size(), 2U * 16);
    EXPECT_EQ(encoding.layers[0].patches.size(), 3U * 64);
    code.replace(code.find("x[:, :2"), std::string("x[:, :2, ::4, ::4].flatten(2)").size(), "None");
    write_module(code);
    EXPECT_FALSE(load()->info().has_attention());
}

TEST_F(ModuleLayers, ThatAreNotAsDescribedAreRefused) {
    const std::string whole = kCnn;
    const auto with = [&](const std::string& from, const std::string& to) {
        auto code = whole;
        code.replace(code.find(from), from.size(), to);
        return refusal(code);
    };
    expect_words(with("fine, coarse, ", "coarse, fine, "),
                 {"layer 'fine' of shape [1, 5, 2, 2]", "expected [1, 3, 8, 8]", "for each 2 px",
                  "layers in '", "own.json"});
    expect_words(with("fine, coarse, ", "fine.flatten(2), coarse, "),
                 {"layer 'fine' of shape [1, 3, 64]"});
    expect_words(with("fine, coarse, ", "fine, None, "), {"returns no layer 'coarse'"});
    expect_words(with("embedded.mean([2, 3])", "embedded"),
                 {"token of the image of shape [1, 16, 4, 4]", "[1, channels]", "image_token"});
    expect_words(with("fine, coarse, embedded.mean([2, 3])", "fine"),
                 {"returns 2 tensors", "then the 2 layers of its description",
                  "at last the token of the image"});
}

TEST_F(ModuleLayers, AreDescribedWithoutSlips) {
    write_module(kCnn);
    const auto whole = description_["layers"];
    const auto wrong = [&](const json& layers) {
        description_["layers"] = layers;
        return refused_description();
    };
    expect_words(wrong("layer1"), {"'layers' is \"layer1\", not a list"});
    expect_words(wrong({"layer1"}), {"layer 1 of 'layers' is \"layer1\", not an object"});
    expect_words(wrong({layer("a", 2, 3), layer("b", 0, 3)}),
                 {"layer 2 of 'layers': 'stride' is 0"});
    expect_words(wrong({layer("a", 2, 3), {{"name", "b"}, {"stride", 2}}}),
                 {"layer 2 of 'layers': key 'channels' is missing"});
    expect_words(wrong({{{"name", 1}, {"stride", 2}, {"channels", 3}}}), {"'name' is 1"});
    auto more = layer("a", 2, 3);
    more["chanels"] = 3;
    expect_words(wrong(json::array({more})), {"'chanels'", "did you mean 'channels'"});
    description_["layers"] = whole;
    for (const auto& [key, value] : std::vector<std::pair<const char*, json>>{
             {"image_token", 1}, {"parameters", -1}, {"input", "tiles"}}) {
        description_[key] = value;
        expect_words(refused_description(), {concat("'", key, "'")});
        description_.erase(key);
    }
}

}  // namespace
}  // namespace patchead
