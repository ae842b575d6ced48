#include "families/family.hpp"

namespace patchead::inline backbone_detail {

/// The encoder of a masked autoencoder: a plain ViT. Nothing is masked at inference.
/// The positions are the fixed sine table, but stored, so they are read like any other.
/// Source: He et al., "Masked Autoencoders Are Scalable Vision Learners", 2022;
/// facebookresearch/mae, models_mae.py.
Family mae() {
    return {
        .name = "mae",
        .layouts =
            {
                {.name = "transformers",
                 .marker = "embeddings.patch_embeddings.projection.weight",
                 .blocks = "encoder.layer.",
                 .names = {{"patch_embed", "embeddings.patch_embeddings.projection"},
                           {"cls_token", "embeddings.cls_token"},
                           {"pos_embed", "embeddings.position_embeddings"},
                           {"norm1", "layernorm_before"},
                           {"attn.q", "attention.attention.query"},
                           {"attn.k", "attention.attention.key"},
                           {"attn.v", "attention.attention.value"},
                           {"attn.proj", "attention.output.dense"},
                           {"norm2", "layernorm_after"},
                           {"mlp.fc1", "intermediate.dense"},
                           {"mlp.fc2", "output.dense"},
                           {"norm", "layernorm"}}},
                // timm took over these names.
                {.name = "official",
                 .marker = "patch_embed.proj.weight",
                 .names = {{"patch_embed", "patch_embed.proj"}}},
            },
        .ignored = {"mask_token", "embeddings.mask_token", "decoder_*", "decoder.*"},
        .beside = {"decoder.*"},
        .positions = PositionResize{PositionResize::Filter::bicubic},
    };
}

}  // namespace patchead::inline backbone_detail
