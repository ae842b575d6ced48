#include "families/clip_names.hpp"
#include "families/family.hpp"

namespace patchead::inline backbone_detail {

/// The image tower of OpenCLIP's plain ViTs and of OpenAI's CLIP. Option `activation`: exact GELU,
/// or QuickGELU as OpenAI's networks and the "-quickgelu" ones have it.
///
/// Upstream gives patch tokens after `ln_post` since 2.23; MuSc and AdaCLIP take them before it,
/// AnomalyCLIP after the projection too: option `tokens`. The text tower's keys have the tails of
/// the image tower's, but not its prefix `visual.`.
/// Source: Ilharco et al., "OpenCLIP", 2021; mlfoundations/open_clip, transformer.py; Radford et
/// al., "Learning Transferable Visual Models From Natural Language Supervision", 2021.
Family open_clip() {
    return {
        .name = "open_clip",
        .layouts =
            {
                // The projection does not stand below the image tower's prefix.
                {.name = "transformers",
                 .marker = "vision_model.embeddings.patch_embedding.weight",
                 .blocks = "vision_model.encoder.layers.",
                 .names =
                     joined(kClipBlockOfTransformers,
                            {{"patch_embed", "vision_model.embeddings.patch_embedding"},
                             {"cls_token", "vision_model.embeddings.class_embedding"},
                             {"pos_embed", "vision_model.embeddings.position_embedding.weight"},
                             {"norm_pre", "vision_model.pre_layrnorm"},
                             {"norm", "vision_model.post_layernorm"},
                             {"proj", "visual_projection"}})},
                {.name = "official",
                 .marker = "conv1.weight",
                 .blocks = "transformer.resblocks.",
                 .names = kClipNames},
                {.name = "timm",
                 .marker = "norm_pre.weight",
                 .names = {{"patch_embed", "patch_embed.proj"}}},
            },
        .ignored = {"text_model.*", "text_projection.weight", "logit_scale", "logit_bias",
                    "vision_model.embeddings.position_ids"},
        .beside = {"positional_embedding", "token_embedding.weight", "transformer.resblocks.*",
                   "ln_final.*", "text_projection", "logit_scale", "logit_bias", "input_resolution",
                   "context_length", "vocab_size"},
        .options = {{"tokens", {"ln_post", "pre_ln", "projected"}},
                    {.name = "activation", .values = {"gelu", "quickgelu"}, .is_later = true},
                    {.name = "text_heads", .is_of_text = true}},
        .pixels = {.mean = kClipMean, .std = kClipStd},
        .norm_eps = 1e-5,
        .patch_bias = false,
        .positions = PositionResize{PositionResize::Filter::bicubic_antialias},
        .pre_norm = true,
        .projection = Has::yes,
        .has_text = true,
    };
}

}  // namespace patchead::inline backbone_detail
