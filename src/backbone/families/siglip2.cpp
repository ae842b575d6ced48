#include "families/clip_names.hpp"
#include "families/family.hpp"

namespace patchead::inline backbone_detail {

/// The image tower of SigLIP 2 in its fixed-size networks: no class token, pooling attention with
/// the heads of the blocks. Option `activation`: the tanh form of GELU as in upstream's code and
/// transformers', or the exact one that timm uses for most sizes (a difference of 1e-3).
/// Source: Tschannen et al., "SigLIP 2", 2025; transformers, modeling_siglip.py.
Family siglip2() {
    return {
        .name = "siglip2",
        .layouts =
            {
                {.name = "transformers",
                 .marker = "embeddings.patch_embedding.weight",
                 .blocks = "encoder.layers.",
                 .names = joined(kClipBlockOfTransformers,
                                 {{"patch_embed", "embeddings.patch_embedding"},
                                  {"pos_embed", "embeddings.position_embedding.weight"},
                                  {"norm", "post_layernorm"},
                                  {"attn_pool.latent", "head.probe"},
                                  {"attn_pool.qkv.weight", "head.attention.in_proj_weight"},
                                  {"attn_pool.qkv.bias", "head.attention.in_proj_bias"},
                                  {"attn_pool.proj", "head.attention.out_proj"},
                                  {"attn_pool.norm", "head.layernorm"},
                                  {"attn_pool.mlp.fc1", "head.mlp.fc1"},
                                  {"attn_pool.mlp.fc2", "head.mlp.fc2"}})},
                {.name = "timm",
                 .marker = "patch_embed.proj.weight",
                 .names = {{"patch_embed", "patch_embed.proj"}}},
            },
        .ignored = {"embeddings.position_ids"},
        .beside = {"text_model.*", "logit_scale", "logit_bias"},
        .options = {{"activation", {"gelu_tanh", "gelu"}},
                    {"position_resize", {"transformers", "timm"}},
                    {"pool_heads", {}}},
        .pixels = {.bicubic = false, .mean = kHalf, .std = kHalf},
        .head_counts = {{1152, 16}, {1536, 16}},
        .class_token = Has::no,
        .positions = PositionResize{PositionResize::Filter::bicubic},
        .activation = Activation::gelu_tanh,
        .pooling = Has::yes,
    };
}

}  // namespace patchead::inline backbone_detail
