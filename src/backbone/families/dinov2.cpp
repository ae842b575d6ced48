#include "families/family.hpp"

namespace patchead::inline backbone_detail {
namespace {

/// Both variants. Source: Oquab et al., "DINOv2: Learning Robust Visual Features without
/// Supervision", 2023; facebookresearch/dinov2.
Family variant() {
    return {
        .layouts =
            {
                {.name = "transformers",
                 .marker = "embeddings.patch_embeddings.projection.weight",
                 .blocks = "encoder.layer.",
                 .names = {{"patch_embed", "embeddings.patch_embeddings.projection"},
                           {"cls_token", "embeddings.cls_token"},
                           {"reg_token", "embeddings.register_tokens"},
                           {"pos_embed", "embeddings.position_embeddings"},
                           {"attn.q", "attention.attention.query"},
                           {"attn.k", "attention.attention.key"},
                           {"attn.v", "attention.attention.value"},
                           {"attn.proj", "attention.output.dense"},
                           {"ls1", "layer_scale1.lambda1"},
                           {"ls2", "layer_scale2.lambda1"},
                           {"norm", "layernorm"}}},
                // timm's class token already holds its position, and its table has no row for it.
                {.name = "timm",
                 .marker = "reg_token",
                 .names = {{"patch_embed", "patch_embed.proj"},
                           {"ls1", "ls1.gamma"},
                           {"ls2", "ls2.gamma"}}},
                // Without registers timm has these names too.
                {.name = "official",
                 .marker = "patch_embed.proj.weight",
                 .names = {{"patch_embed", "patch_embed.proj"},
                           {"reg_token", "register_tokens"},
                           {"ls1", "ls1.gamma"},
                           {"ls2", "ls2.gamma"}}},
            },
        .ignored = {"mask_token", "embeddings.mask_token", "dino_head.*", "ibot_head.*"},
        .layer_scale = true,
    };
}

}  // namespace

/// Without registers. Its positions are sampled with the grid enlarged by 0.1, a safeguard of
/// upstream against rounding that the published numbers contain.
Family dinov2() {
    auto family = variant();
    family.name = "dinov2";
    family.positions = PositionResize{PositionResize::Filter::bicubic, 0.1};
    return family;
}

/// With register tokens. Source: Darcet et al., "Vision Transformers Need Registers", 2024.
Family dinov2_reg() {
    auto family = variant();
    family.name = "dinov2_reg";
    family.positions = PositionResize{PositionResize::Filter::bicubic_antialias};
    family.registers = true;
    return family;
}

}  // namespace patchead::inline backbone_detail
