#include "families/family.hpp"

namespace patchead::inline backbone_detail {

/// The image tower of OpenCLIP's plain ViTs (exact GELU, not the "-quickgelu" ones).
///
/// Upstream gives patch tokens after `ln_post` since 2.23; MuSc and AdaCLIP take them before it,
/// AnomalyCLIP after the projection too: option `tokens`. The text tower's keys have the tails of
/// the image tower's, but not its prefix `visual.`.
/// Source: Ilharco et al., "OpenCLIP", 2021; mlfoundations/open_clip, transformer.py.
Family open_clip() {
    return {
        .name = "open_clip",
        .layouts =
            {
                {.name = "official",
                 .marker = "conv1.weight",
                 .blocks = "transformer.resblocks.",
                 .names = {{"patch_embed", "conv1"},
                           {"cls_token", "class_embedding"},
                           {"pos_embed", "positional_embedding"},
                           {"norm_pre", "ln_pre"},
                           {"norm1", "ln_1"},
                           {"attn.qkv.weight", "attn.in_proj_weight"},
                           {"attn.qkv.bias", "attn.in_proj_bias"},
                           {"attn.proj", "attn.out_proj"},
                           {"norm2", "ln_2"},
                           {"mlp.fc1", "mlp.c_fc"},
                           {"mlp.fc2", "mlp.c_proj"},
                           {"norm", "ln_post"}}},
                {.name = "timm",
                 .marker = "norm_pre.weight",
                 .names = {{"patch_embed", "patch_embed.proj"}}},
            },
        .beside = {"positional_embedding", "token_embedding.weight", "transformer.resblocks.*",
                   "ln_final.*", "text_projection", "logit_scale", "logit_bias"},
        .options = {{"tokens", {"ln_post", "pre_ln", "projected"}}},
        .norm_eps = 1e-5,
        .patch_bias = false,
        .positions = PositionResize{PositionResize::Filter::bicubic_antialias},
        .pre_norm = true,
        .projection = true,
    };
}

}  // namespace patchead::inline backbone_detail
