#include "families/clip_names.hpp"
#include "families/family.hpp"

namespace patchead::inline backbone_detail {
namespace {

/// Positions count from 1, since the class token is at 0 (in a network without one it makes no
/// difference: only distances count), and do not follow the size of the grid. By the column first.
Rotary pe_rotary(Weights&, const NamedOptions&, int channels) {
    return {geometric_frequencies(10000, channels),
            [](int index, int) { return double{1} + index; }, true, true};
}

/// What both variants have. The giant has no class token, and heads of 96 channels.
/// Source: Bolya et al., "Perception Encoder: The best visual embeddings are not at the output of
/// the network", 2025; facebookresearch/perception_models, core/vision_encoder/pe.py.
Family pe_variant() {
    return {
        .layouts =
            {
                {.name = "official",
                 .marker = "conv1.weight",
                 .blocks = "transformer.resblocks.",
                 .names =
                     joined(kClipNames, {{"ls1", "ls_1.gamma"},
                                         {"ls2", "ls_2.gamma"},
                                         {"attn_pool.latent", "attn_pool.probe"},
                                         {"attn_pool.qkv.weight", "attn_pool.attn.in_proj_weight"},
                                         {"attn_pool.qkv.bias", "attn_pool.attn.in_proj_bias"},
                                         {"attn_pool.proj", "attn_pool.attn.out_proj"},
                                         {"attn_pool.norm", "attn_pool.layernorm"},
                                         {"attn_pool.mlp.fc1", "attn_pool.mlp.c_fc"},
                                         {"attn_pool.mlp.fc2", "attn_pool.mlp.c_proj"}})},
                {.name = "timm",
                 .marker = "norm_pre.weight",
                 .names = {{"patch_embed", "patch_embed.proj"},
                           {"ls1", "gamma_1"},
                           {"ls2", "gamma_2"}}},
            },
        .head_counts = {{1536, 16}},
        .norm_eps = 1e-5,
        .patch_bias = false,
        .class_token = Has::maybe,
        .positions = PositionResize{PositionResize::Filter::bilinear},
        .pre_norm = true,
        .rotary = pe_rotary,
        .layer_scale = Has::maybe,
    };
}

}  // namespace

/// Spatially tuned: absolute and rotary positions, no final norm.
Family pe_spatial() {
    auto family = pe_variant();
    family.name = "pe_spatial";
    family.pixels = {.image_px = 512, .bicubic = false, .mean = kHalf, .std = kHalf};
    family.final_norm = false;
    return family;
}

/// With final norm, and attention that pools all tokens, of eight heads whatever the blocks have.
Family pe_core() {
    auto family = pe_variant();
    family.name = "pe_core";
    family.beside = {"positional_embedding",
                     "token_embedding.weight",
                     "transformer.resblocks.*",
                     "ln_final.*",
                     "text_projection",
                     "logit_scale",
                     "logit_bias"};
    family.options = {{"tokens", {"norm", "pre_norm"}},
                      {"pool_heads", {}},
                      {.name = "text_heads", .is_of_text = true}};
    family.pixels = {.image_px = 224, .bicubic = false, .mean = kHalf, .std = kHalf};
    family.projection = Has::yes;
    family.has_text = true;
    family.pooling = Has::yes;
    family.pooling_heads = 8;
    return family;
}

}  // namespace patchead::inline backbone_detail
