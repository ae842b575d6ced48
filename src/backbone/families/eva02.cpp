#include "families/family.hpp"

namespace patchead::inline backbone_detail {
namespace {

/// Positions are always those of the grid of pre-training (16 x 16 in the published B/14 and L/14
/// networks), whatever the image's or the checkpoint's own grid. By the row first.
Rotary eva02_rotary(Weights&, const NamedOptions& options, int channels) {
    const double side = positive(options, "rope_grid", 16);
    return {geometric_frequencies(10000, channels),
            [side](int index, int count) { return side * index / count; }, false, true};
}

}  // namespace

/// EVA-02: absolute and rotary positions, SwiGLU with a norm inside, no LayerScale. The
/// self-supervised file has `norm`, the fine-tuned ones `fc_norm`, applied to each patch; timm
/// calls either `fc_norm`. Option `tokens=pre_norm` leaves it out. The angles stored in the
/// official files belong to one grid and are computed anew.
/// Source: Fang et al., "EVA-02: A Visual Representation for Neon Genesis", 2023; baaivision/EVA,
/// EVA-02/asuka.
Family eva02() {
    return {
        .name = "eva02",
        .layouts =
            {
                {.name = "official",
                 .marker = "blocks.0.mlp.w1.weight",
                 .names = {{"patch_embed", "patch_embed.proj"},
                           {"attn.q.bias", "attn.q_bias"},
                           {"attn.v.bias", "attn.v_bias"},
                           {"attn.q", "attn.q_proj"},
                           {"attn.k", "attn.k_proj"},
                           {"attn.v", "attn.v_proj"},
                           {"mlp.gate", "mlp.w1"},
                           {"mlp.value", "mlp.w2"},
                           {"mlp.norm", "mlp.ffn_ln"},
                           {"mlp.fc2", "mlp.w3"}},
                 .qkv_bias = QkvBias::no_key},
                {.name = "timm",
                 .marker = "blocks.0.mlp.fc1_g.weight",
                 .names = {{"patch_embed", "patch_embed.proj"},
                           {"attn.q", "attn.q_proj"},
                           {"attn.k", "attn.k_proj"},
                           {"attn.v", "attn.v_proj"},
                           {"mlp.gate", "mlp.fc1_g"},
                           {"mlp.value", "mlp.fc1_x"}},
                 .qkv_bias = QkvBias::no_key},
            },
        .ignored = {"mask_token", "head.*", "lm_head.*", "rope.freqs_*",
                    "blocks.*.attn.rope.freqs_*"},
        .options = {{"rope_grid", {}}, {"tokens", {"norm", "pre_norm"}}},
        .pixels = {.image_px = 448, .mean = kClipMean, .std = kClipStd},
        .positions = PositionResize{PositionResize::Filter::bicubic},
        .rotary = eva02_rotary,
        .gates = Has::yes,
        .inner_norm = true,
    };
}

}  // namespace patchead::inline backbone_detail
