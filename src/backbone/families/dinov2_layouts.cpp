#include "families/dinov2_layouts.hpp"

namespace patchead::inline backbone_detail {

std::vector<Layout> dinov2_layouts() {
    const LayoutNames transformers{{"patch_embed", "embeddings.patch_embeddings.projection"},
                                   {"cls_token", "embeddings.cls_token"},
                                   {"reg_token", "embeddings.register_tokens"},
                                   {"pos_embed", "embeddings.position_embeddings"},
                                   {"attn.q", "attention.attention.query"},
                                   {"attn.k", "attention.attention.key"},
                                   {"attn.v", "attention.attention.value"},
                                   {"attn.proj", "attention.output.dense"},
                                   {"ls1", "layer_scale1.lambda1"},
                                   {"ls2", "layer_scale2.lambda1"},
                                   {"norm", "layernorm"}};
    const LayoutNames timm{
        {"patch_embed", "patch_embed.proj"}, {"ls1", "ls1.gamma"}, {"ls2", "ls2.gamma"}};
    const auto official = joined(timm, {{"reg_token", "register_tokens"}});
    return {
        {.name = "transformers",
         .marker = "encoder.layer.0.mlp.weights_in.weight",
         .blocks = "encoder.layer.",
         .names =
             joined(transformers, {{"mlp.fc1", "mlp.weights_in"}, {"mlp.fc2", "mlp.weights_out"}})},
        {.name = "transformers",
         .marker = "embeddings.patch_embeddings.projection.weight",
         .blocks = "encoder.layer.",
         .names = transformers},
        // timm's class token already holds its position, and its table has no row for it.
        {.name = "timm", .marker = "reg_token", .names = timm},
        {.name = "official",
         .marker = "blocks.0.mlp.w12.weight",
         .names = joined(official, {{"mlp.fc1", "mlp.w12"}, {"mlp.fc2", "mlp.w3"}})},
        // Without registers timm has these names too.
        {.name = "official", .marker = "patch_embed.proj.weight", .names = official},
    };
}

}  // namespace patchead::inline backbone_detail
