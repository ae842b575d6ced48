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

const LayoutNames kTransformers{{"patch_embed", "embeddings.patch_embeddings"},
                                {"cls_token", "embeddings.cls_token"},
                                {"reg_token", "embeddings.register_tokens"},
                                {"attn.q", "attention.q_proj"},
                                {"attn.k", "attention.k_proj"},
                                {"attn.v", "attention.v_proj"},
                                {"attn.proj", "attention.o_proj"},
                                {"ls1", "layer_scale1.lambda1"},
                                {"ls2", "layer_scale2.lambda1"},
                                {"mlp.fc2", "mlp.down_proj"}};
const LayoutNames kTimm{{"patch_embed", "patch_embed.proj"},
                        {"attn.q.bias", "attn.q_bias"},
                        {"attn.v.bias", "attn.v_bias"},
                        {"mlp.gate", "mlp.fc1_g"},
                        {"mlp.value", "mlp.fc1_x"},
                        {"ls1", "gamma_1"},
                        {"ls2", "gamma_2"}};
const LayoutNames kOfficial{{"patch_embed", "patch_embed.proj"},
                            {"reg_token", "storage_tokens"},
                            {"mlp.gate", "mlp.w1"},
                            {"mlp.value", "mlp.w2"},
                            {"ls1", "ls1.gamma"},
                            {"ls2", "ls2.gamma"}};

/// `up_proj` holds the values where there are gates, else the whole first matrix.
Layout transformers_layout(std::string_view marker, const LayoutNames& mlp) {
    return {.name = "transformers",
            .marker = marker,
            .blocks = "layer.",
            .names = joined(kTransformers, mlp),
            .qkv_bias = QkvBias::no_key,
            .may_lack_bias = true};
}

Layout official_layout(std::string_view marker, const LayoutNames& mlp) {
    return {.name = "official",
            .marker = marker,
            .names = joined(kOfficial, mlp),
            .qkv_bias = QkvBias::masked,
            .may_lack_bias = true};
}

}  // namespace

/// DINOv3: rotary positions, four registers ("storage tokens"), the keys' bias masked out; in the
/// sizes S+, L+, H+ and 7B gated MLPs, in 7B no biases of queries, keys and values. EUPE has the
/// same networks. Option `periods` says whose angles to use: `file` (those in the file, computed
/// where it has none), `fp32` (computed) or `bf16` (computed and rounded, as in the official file).
/// `local_cls_norm` takes no part at inference.
/// Source: Simeoni et al., "DINOv3", 2025; facebookresearch/dinov3 and facebookresearch/EUPE.
Family dinov3() {
    return {
        .name = "dinov3",
        .layouts =
            {
                transformers_layout("layer.0.mlp.gate_proj.weight",
                                    {{"mlp.gate", "mlp.gate_proj"}, {"mlp.value", "mlp.up_proj"}}),
                transformers_layout("embeddings.patch_embeddings.weight",
                                    {{"mlp.fc1", "mlp.up_proj"}}),
                official_layout("blocks.0.mlp.w3.weight", {{"mlp.fc2", "mlp.w3"}}),
                official_layout("storage_tokens", {}),
                // timm publishes the networks with these biases and without.
                {.name = "timm",
                 .marker = "blocks.0.attn.q_bias",
                 .names = kTimm,
                 .qkv_bias = QkvBias::no_key},
                {.name = "timm", .marker = "reg_token", .names = kTimm, .qkv_bias = QkvBias::none},
            },
        .ignored = {"mask_token", "embeddings.mask_token", "local_cls_norm.*"},
        .beside = {"projectors.*"},
        .options = {{"periods", {"file", "fp32", "bf16"}}},
        .pixels = {.image_px = 448, .bicubic = false},
        .head_counts = {{4096, 32}},
        .norm_eps = 1e-5,
        .registers = Has::yes,
        .rotary = dinov3_rotary,
        .layer_scale = Has::yes,
        .gates = Has::maybe,
    };
}

}  // namespace patchead::inline backbone_detail
