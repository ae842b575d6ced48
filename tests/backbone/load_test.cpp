#include <limits>

#include "checkpoint_files.hpp"
#include "fixture_folders.hpp"
#include "patchead/backbone/backbone.hpp"
#include "patchead/core/registry.hpp"

namespace patchead {
namespace {

using test::expect_words;
using test::message_of;

/// A good checkpoint (DINOv2 with registers, official keys, 3 blocks, 48 channels) to spoil.
class SpoiltCheckpoint : public testing::Test {
  protected:
    SpoiltCheckpoint() {
        const auto file = test::golden_folder() / "dinov2_reg/down_56x70/weights.safetensors";
        for (const auto& [key, view] : read_checkpoint(file).tensors) {
            tensors_[key] = to_tensor(view);
        }
    }

    std::unique_ptr<const Backbone> load(const LoadOptions& options = {"cpu", {{"heads", "3"}}},
                                         const std::string& family = "dinov2_reg") {
        const auto path = folder_.write("spoilt.safetensors", test::safetensors(tensors_));
        return load_backbone(family, path, options);
    }

    std::string refusal(const std::string& family = "dinov2_reg") {
        const auto text = message_of<WeightsError>([&] {
            load({"cpu", {{"heads", "3"}}}, family);
        });
        expect_words(text, {"spoilt.safetensors", "; "});
        return text;
    }

    test::TemporaryFolder folder_;
    test::Tensors tensors_;
};

TEST_F(SpoiltCheckpoint, LoadsAsLongAsItIsNot) {
    const auto info = load()->info();
    EXPECT_EQ(info.family, "dinov2_reg");
    EXPECT_EQ(info.layout, "official");
    EXPECT_EQ(info.patch_px, 14);
    EXPECT_EQ(info.dim, 48);
    EXPECT_EQ(info.depth, 3);
    EXPECT_EQ(info.heads, 3);
    std::int64_t parameters = 0;
    for (const auto& [key, tensor] : tensors_) {
        if (key != "mask_token") { parameters += tensor.numel(); }
    }
    EXPECT_EQ(info.parameters, parameters);
}

TEST_F(SpoiltCheckpoint, WithoutAnyOneKeyIsRefusedByThatKey) {
    const auto whole = tensors_;
    for (const auto& [key, tensor] : whole) {
        if (key == "mask_token") { continue; }
        SCOPED_TRACE(key);
        tensors_ = whole;
        tensors_.erase(key);
        const auto text = refusal();
        // Without its first key a block is not seen, and what is left of it is in the way.
        const bool block_start = key.ends_with("norm1.weight") && !key.starts_with("blocks.0.");
        if (block_start) {
            expect_words(text, {"left over", "'blocks."});
        } else {
            expect_words(text, {"'" + key + "'"});
        }
    }
}

TEST_F(SpoiltCheckpoint, WithATransposedMatrixIsRefusedByItsKey) {
    tensors_["blocks.1.mlp.fc1.weight"] = tensors_["blocks.1.mlp.fc1.weight"].t();
    expect_words(refusal(), {"'blocks.1.mlp.fc1", "[48, 192]"});
    tensors_["blocks.1.mlp.fc1.weight"] = tensors_["blocks.1.mlp.fc1.weight"].t();
    tensors_["blocks.2.attn.qkv.weight"] = tensors_["blocks.2.attn.qkv.weight"].t();
    expect_words(refusal(), {"'blocks.2.attn.qkv.weight'", "[48, 144]", "[144, 48]"});
}

TEST_F(SpoiltCheckpoint, WithALeftOverKeyIsRefusedByIt) {
    tensors_["blocks.0.attn.extra"] = at::zeros({2});
    expect_words(refusal(), {"'blocks.0.attn.extra'", "[2]", "left over"});
}

TEST_F(SpoiltCheckpoint, WithAMissingBlockInBetweenIsRefused) {
    for (auto at = tensors_.lower_bound("blocks.1."); at->first.starts_with("blocks.1.");) {
        at = tensors_.erase(at);
    }
    expect_words(refusal(), {"14 keys are left over", "'blocks.2."});
}

// The first two blocks are a network of their own, so only who knows the depth can tell.
TEST_F(SpoiltCheckpoint, WithoutItsLastBlockIsRefusedIfTheDepthIsKnown) {
    for (auto at = tensors_.lower_bound("blocks.2."); at->first.starts_with("blocks.2.");) {
        at = tensors_.erase(at);
    }
    EXPECT_EQ(load()->info().depth, 2);
    const LoadOptions three{"cpu", {{"heads", "3"}, {"depth", "3"}}};
    expect_words(message_of<WeightsError>([&] { return load(three); }), {"2 blocks", "expected 3"});
}

TEST_F(SpoiltCheckpoint, WithNaNOrInfinityIsRefusedByItsKey) {
    const auto clean = tensors_["blocks.2.norm2.bias"].clone();
    for (const float bad :
         {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
        tensors_["blocks.2.norm2.bias"] = clean.clone();
        tensors_["blocks.2.norm2.bias"][7] = bad;
        expect_words(refusal(), {"'blocks.2.norm2.bias'", "NaN or infinity"});
    }
}

TEST_F(SpoiltCheckpoint, OfTheVariantWithRegistersDoesNotPassForTheOther) {
    expect_words(refusal("dinov2"), {"'register_tokens'", "left over"});
    tensors_.erase("register_tokens");
    expect_words(refusal(), {"'register_tokens'", "missing"});
}

TEST_F(SpoiltCheckpoint, OfAnotherFamilyIsRefused) {
    expect_words(refusal("mae"), {"left over", "ls1.gamma"});
    tensors_.clear();
    tensors_["conv1.weight"] = at::zeros({4, 3, 2, 2});
    expect_words(refusal(), {"'patch_embed.proj.weight' (official)"});
}

TEST_F(SpoiltCheckpoint, WithAPositionTableOfNoGridIsRefused) {
    tensors_["pos_embed"] = at::zeros({1, 51, 48});
    expect_words(refusal(), {"51 rows", "square"});
}

TEST_F(SpoiltCheckpoint, WithAnOddPatchEmbeddingIsRefused) {
    tensors_["patch_embed.proj.weight"] = at::zeros({48, 4, 14, 14});
    expect_words(refusal(), {"[48, 4, 14, 14]"});
}

TEST_F(SpoiltCheckpoint, WhoseHeadsCannotBeIsRefused) {
    expect_words(message_of<WeightsError>([&] { return load({}); }), {"48 channels", "0 heads"});
    expect_words(message_of<WeightsError>([&] {
                     return load({"cpu", {{"heads", "5"}}});
                 }),
                 {"5 heads"});
    for (const auto* text : {"0", "-3", "3x", "", "99999999999"}) {
        expect_words(message_of<ConfigError>([&] {
                         load({"cpu", {{"heads", text}}});
                     }),
                     {"heads=", "whole number"});
    }
}

TEST_F(SpoiltCheckpoint, IsNotReadForUnknownNames) {
    expect_words(message_of<ConfigError>([&] {
                     load({"cpu", {{"head", "3"}}});
                 }),
                 {"'head'", "did you mean 'heads'"});
    expect_words(message_of<ConfigError>([&] {
                     load({"cpu", {{"model_ema", "1"}}});
                 }),
                 {"model_ema", "false, true"});
    expect_words(message_of<ConfigError>([&] { return load({}, "dinov1"); }),
                 {"'dinov1'", "did you mean 'dinov2'"});
}

TEST_F(SpoiltCheckpoint, CutAnywhereIsRefused) {
    const auto whole = test::safetensors(tensors_);
    for (std::size_t size = 0; size < whole.size(); size += whole.size() / 40) {
        const auto path = folder_.write("cut.safetensors", whole.substr(0, size));
        const auto text =
            message_of<WeightsError>([&] { return load_backbone("dinov2_reg", path, {}); });
        expect_words(text, {"cut.safetensors", size == 0 ? "empty" : "byte "});
    }
}

TEST(LoadBackbone, RefusesDevicesThatAreNotThere) {
    const auto file = test::source_folder() / "configs/backbones" /
                      find(backbones(), "backbone", "patchead_tiny").file;
    for (const auto* name : {"gpu", "cuda:", "cuda:x", "cuda0", "CPU", ""}) {
        expect_words(message_of<ConfigError>([&] {
                         return load_backbone("mae", file, {name, {}});
                     }),
                     {"unknown device", "cuda:N"});
    }
    if (at::hasCUDA()) { GTEST_SKIP() << "this machine has a GPU"; }
    expect_words(message_of<ConfigError>([&] {
                     return load_backbone("mae", file, {"cuda", {}});
                 }),
                 {"'cuda'", "no CUDA", "choose cpu"});
}

TEST(LoadBackbone, ChecksTheSizesOfNamedOnes) {
    const auto& tiny = find(backbones(), "backbone", "patchead_tiny");
    const auto file = test::source_folder() / "configs/backbones" / tiny.file;
    EXPECT_EQ(load_backbone(tiny, file, {})->info().depth, 6);
    const auto& base = find(backbones(), "backbone", "mae_vitb16");
    expect_words(message_of<WeightsError>([&] { return load_backbone(base, file, {}); }),
                 {"mae_vitb16", "192 channels", "768", std::string(base.file)});
}

class NamedBackbone : public testing::TestWithParam<BackboneEntry> {};

TEST_P(NamedBackbone, IsCompleteAndOfAKnownFamily) {
    const auto& entry = GetParam();
    EXPECT_EQ(entry.image_px % entry.patch_px, 0);
    EXPECT_GT(entry.depth, 0);
    EXPECT_EQ(entry.dim % 64, 0);
    for (const auto& text : {entry.title, entry.licence, entry.file, entry.source}) {
        EXPECT_FALSE(text.empty());
    }
    for (std::size_t channel = 0; channel < 3; ++channel) {
        EXPECT_GT(entry.std[channel], 0.0F);
        EXPECT_LT(std::abs(entry.mean[channel]), 1.0F);
    }
    // A family that is known gets as far as the missing file.
    expect_words(
        message_of<UnreadableError>([&] { return load_backbone(entry.family, "none.pth", {}); }),
        {"none.pth"});
}

INSTANTIATE_TEST_SUITE_P(Registry, NamedBackbone,
                         testing::ValuesIn(backbones().begin(), backbones().end()),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace patchead
