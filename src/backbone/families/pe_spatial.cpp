#include "families/family.hpp"

namespace patchead::inline backbone_detail {
namespace {

/// Positions count from 1, since the class token is at 0, and do not follow the size of the grid.
/// By the column first.
Rotary pe_spatial_rotary(Weights&, const NamedOptions&, int channels) {
    return {geometric_frequencies(10000, channels),
            [](int index, int) { return double{1} + index; }, true, true};
}

}  // namespace

/// Perception Encoder, spatially tuned, the sizes with a class token: absolute and rotary
/// positions, no final norm.
/// Source: Bolya et al., "Perception Encoder: The best visual embeddings are not at the output of
/// the network", 2025; facebookresearch/perception_models, core/vision_encoder/pe.py.
Family pe_spatial() {
    return {
        .name = "pe_spatial",
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
                           {"mlp.fc2", "mlp.c_proj"}}},
                {.name = "timm",
                 .marker = "norm_pre.weight",
                 .names = {{"patch_embed", "patch_embed.proj"}}},
            },
        .norm_eps = 1e-5,
        .patch_bias = false,
        .positions = PositionResize{PositionResize::Filter::bilinear},
        .pre_norm = true,
        .rotary = pe_spatial_rotary,
        .final_norm = false,
    };
}

}  // namespace patchead::inline backbone_detail
