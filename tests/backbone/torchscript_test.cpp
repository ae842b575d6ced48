#include <algorithm>
#include <array>
#include <span>
#include <string>

#include <gtest/gtest.h>

#include "patchead/core/digest.hpp"
#include "torchscript_module.hpp"

namespace patchead {
namespace {

using test::expect_words;
using test::message_of;

TEST_F(TorchScript, GivesItsTokensAndAttentionWithoutThePrefix) {
    write_module(kWhole);
    const auto pixels = noise(2, 8, 12);
    const auto result = load()->encode(pixels, 2, 8, 12);
    EXPECT_EQ(result.grid, (Grid{2, 3}));
    EXPECT_EQ(result.dim, kChannels);
    EXPECT_EQ(result.heads, 2);
    const auto images = at::tensor(pixels).view({2, 3, 8, 12});
    const auto patches = at::conv2d(images, weight_, {}, {4, 4}).flatten(2).transpose(1, 2);
    EXPECT_TRUE(at::allclose(at::tensor(result.tokens).view({2, 6, kChannels}), patches, 0, 1e-6));
    const auto tokens = at::cat({patches.mean(1, true), patches}, 1);
    const auto row = at::softmax(at::matmul(tokens.slice(1, 0, 1), tokens.mT()), -1).slice(2, 1);
    EXPECT_TRUE(at::allclose(at::tensor(result.attention).view({2, 2, 6}),
                             at::cat({row, row * row}, 1), 0, 1e-6));
}

TEST_F(TorchScript, MayCutThePrefixOfItsAttentionItself) {
    write_module(kWhole);
    const auto whole = load()->encode(noise(1, 16, 16), 1, 16, 16);
    auto code = std::string(kWhole);
    code.replace(code.find("rows * rows], 1)"), 16, "rows * rows], 1)[:, :, 1:]");
    write_module(code);
    EXPECT_EQ(load()->encode(noise(1, 16, 16), 1, 16, 16).attention, whole.attention);
}

TEST_F(TorchScript, TellsWhatItIs) {
    write_module(kWhole);
    description_["depth"] = 3;
    const auto info = load()->info();
    EXPECT_EQ(info.family, "torchscript");
    EXPECT_EQ(info.patch_px, 4);
    EXPECT_EQ(info.dim, kChannels);
    EXPECT_EQ(info.depth, 3);
    EXPECT_EQ(info.heads, 2);
    EXPECT_EQ(info.parameters, kChannels * 48);
    EXPECT_TRUE(info.has_attention());
    EXPECT_EQ(info.options.at("description"), sha256(description_.dump()));
}

TEST_F(TorchScript, WithoutAttentionSaysSo) {
    for (const auto* result : {"patches", "(patches, None)"}) {
        write_module(
            concat("def forward(self, x):\n    patches = torch.conv2d(x, self.weight, None,"
                   " [4, 4]).flatten(2).transpose(1, 2)\n    return ",
                   result, "\n"));
        description_["prefix_tokens"] = 0;
        const auto backbone = load();
        EXPECT_FALSE(backbone->info().has_attention());
        const auto encoding = backbone->encode(noise(1, 16, 16), 1, 16, 16);
        EXPECT_TRUE(encoding.attention.empty());
        EXPECT_EQ(encoding.tokens.size(), 16U * kChannels);
    }
}

TEST_F(TorchScript, GivesAnImageTheSameBitsInEveryBatchCallAndThread) {
    write_module(kWhole);
    const auto backbone = load();
    const auto pixels = noise(3, 16, 16);
    const auto together = backbone->encode(pixels, 3, 16, 16);
    for (const int threads : {1, 2, 5}) {
        set_compute_threads(threads);
        const auto again = backbone->encode(pixels, 3, 16, 16);
        EXPECT_EQ(again.tokens, together.tokens);
        EXPECT_EQ(again.attention, together.attention);
    }
    const std::size_t size = pixels.size() / 3;
    const auto last = backbone->encode(std::span(pixels).subspan(2 * size), 1, 16, 16);
    EXPECT_TRUE(std::ranges::equal(last.tokens, std::span(together.tokens).last(16 * kChannels)));
}

TEST_F(TorchScript, ComputesInBf16WhereItCan) {
    write_module(kWhole);
    const auto pixels = noise(1, 16, 16);
    const auto exact = at::tensor(load()->encode(pixels, 1, 16, 16).tokens);
    const auto rough = at::tensor(load({"cpu", {}, "bf16"})->encode(pixels, 1, 16, 16).tokens);
    EXPECT_FALSE(at::equal(exact, rough)) << "bf16 was not used";
    EXPECT_TRUE(at::allclose(exact, rough, 0.02, 0.1));
    // A constant in the code is not converted with the weights.
    auto code = std::string(kWhole);
    code.replace(code.find("return tokens"), 13,
                 concat("return torch.matmul(tokens, torch.eye(", kChannels, "))"));
    write_module(code);
    static_cast<void>(load());
    expect_words(message_of<WeightsError>([&] {
                     return load({"cpu", {}, "bf16"});
                 }),
                 {"own.pt", "BFloat16", "precision fp32"});
}

TEST_F(TorchScript, IsCalledByTheNameInItsDescription) {
    write_module(kWhole);
    write_description();
    EXPECT_EQ(find_backbone(name_).name, "torchscript:own");
    description_["name"] = "my-vit_2";
    description_["title"] = "My ViT";
    description_["interpolation"] = "bilinear";
    description_["fixed_size"] = true;
    write_description();
    const auto entry = find_backbone(name_);
    EXPECT_EQ(entry.name, "torchscript:my-vit_2");
    EXPECT_EQ(entry.title, "My ViT");
    EXPECT_EQ(entry.file, path_.string());
    EXPECT_EQ(entry.image_px, 16);
    EXPECT_FALSE(entry.bicubic);
    EXPECT_TRUE(entry.fixed_size);
    EXPECT_EQ(entry.mean, (std::array<float, 3>{0.1F, 0.2F, 0.3F}));
    EXPECT_EQ(entry.std, (std::array<float, 3>{0.5F, 0.6F, 0.7F}));
}

TEST_F(TorchScript, HasNoNamedOptions) {
    write_module(kWhole);
    expect_words(message_of<ConfigError>([&] {
                     return load({"cpu", {{"heads", "3"}}});
                 }),
                 {"torchscript", "no named options"});
    expect_words(message_of<ConfigError>([&] {
                     return load({"cpu", {}, "fp16"});
                 }),
                 {"fp16 on a CPU"});
}

}  // namespace
}  // namespace patchead
