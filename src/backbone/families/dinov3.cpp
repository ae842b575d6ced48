#include <cmath>
#include <numbers>

#include <ATen/ATen.h>

#include "families/family.hpp"

namespace patchead::inline backbone_detail {
namespace {

constexpr const char* kPeriods = "rope_embed.periods";

/// Shape: `[channels / 4]`, float32. The official file's are rounded to bfloat16, and upstream
/// uses them so; the other publishers' files have none, and their code computes them.
at::Tensor read_periods(Weights& weights, const NamedOptions& options, int channels) {
    std::vector<float> computed;
    for (const double frequency : geometric_frequencies(100, channels)) {
        computed.push_back(static_cast<float>(1 / frequency));
    }
    auto periods = at::tensor(computed);
    if (weights.has(kPeriods)) {
        const auto stored = weights.take_constant(kPeriods, {channels / 4});
        weights.check(stored.min().item<float>() > 0, "'", kPeriods, "' are not all above zero");
        if (is(options, "periods", "file")) { periods = stored; }
    }
    if (is(options, "periods", "bf16")) { periods = periods.to(at::kBFloat16).to(at::kFloat); }
    return periods;
}

/// Positions are the patches' centres, from -1 to 1 on either axis. By the row first.
Rotary dinov3_rotary(Weights& weights, const NamedOptions& options, int channels) {
    const auto periods = read_periods(weights, options, channels);
    std::vector<double> frequencies;
    for (std::int64_t i = 0; i < periods.size(0); ++i) {
        frequencies.push_back(2 * std::numbers::pi / double{periods[i].item<float>()});
    }
    return {std::move(frequencies),
            [](int index, int count) { return (2.0 * index + 1) / count - 1; }, false, false};
}

}  // namespace

/// DINOv3: rotary positions, four registers ("storage tokens"), the keys' bias masked out. Option
/// `periods` says whose angles to use: `file` (those in the file, computed where it has none),
/// `fp32` (computed) or `bf16` (computed and rounded, as in the official file).
/// Source: Simeoni et al., "DINOv3", 2025; facebookresearch/dinov3.
Family dinov3() {
    const std::vector<std::pair<std::string_view, std::string_view>> timm_names{
        {"patch_embed", "patch_embed.proj"},
        {"attn.q.bias", "attn.q_bias"},
        {"attn.v.bias", "attn.v_bias"},
        {"ls1", "gamma_1"},
        {"ls2", "gamma_2"}};
    return {
        .name = "dinov3",
        .layouts =
            {
                {.name = "transformers",
                 .marker = "embeddings.patch_embeddings.weight",
                 .blocks = "layer.",
                 .names = {{"patch_embed", "embeddings.patch_embeddings"},
                           {"cls_token", "embeddings.cls_token"},
                           {"reg_token", "embeddings.register_tokens"},
                           {"attn.q", "attention.q_proj"},
                           {"attn.k", "attention.k_proj"},
                           {"attn.v", "attention.v_proj"},
                           {"attn.proj", "attention.o_proj"},
                           {"ls1", "layer_scale1.lambda1"},
                           {"ls2", "layer_scale2.lambda1"},
                           {"mlp.fc1", "mlp.up_proj"},
                           {"mlp.fc2", "mlp.down_proj"}},
                 .qkv_bias = QkvBias::no_key},
                {.name = "official",
                 .marker = "storage_tokens",
                 .names = {{"patch_embed", "patch_embed.proj"},
                           {"reg_token", "storage_tokens"},
                           {"ls1", "ls1.gamma"},
                           {"ls2", "ls2.gamma"}},
                 .qkv_bias = QkvBias::masked},
                // timm publishes the networks with these biases and without.
                {.name = "timm",
                 .marker = "blocks.0.attn.q_bias",
                 .names = timm_names,
                 .qkv_bias = QkvBias::no_key},
                {.name = "timm",
                 .marker = "reg_token",
                 .names = timm_names,
                 .qkv_bias = QkvBias::none},
            },
        .ignored = {"mask_token", "embeddings.mask_token"},
        .options = {{"periods", {"file", "fp32", "bf16"}}},
        .norm_eps = 1e-5,
        .registers = true,
        .rotary = dinov3_rotary,
        .layer_scale = true,
    };
}

}  // namespace patchead::inline backbone_detail
