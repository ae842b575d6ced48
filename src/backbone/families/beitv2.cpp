#include "families/family.hpp"

namespace patchead::inline backbone_detail {

/// BEiT v2: no absolute positions, but a bias for each displacement. The self-supervised file has
/// one table for all blocks and `norm`, the fine-tuned ones a table in each block and `fc_norm`,
/// trained on the mean of the patches and applied to each of them here, as upstream's
/// `return_patch_tokens` does.
///
/// At another size than the trained one upstream codes bring the table to it in three ways:
/// option `bias_resize`. Option `tokens=pre_norm` leaves the final norm out.
/// Source: Peng et al., "BEiT v2: Masked Image Modeling with Vector-Quantized Visual Tokenizers",
/// 2022; microsoft/unilm, beit2.
Family beitv2() {
    return {
        .name = "beitv2",
        // timm took over these names.
        .layouts = {{.name = "official",
                     .marker = "patch_embed.proj.weight",
                     .names = {{"patch_embed", "patch_embed.proj"},
                               {"rel_bias", "rel_pos_bias.relative_position_bias_table"},
                               {"attn.rel_bias", "attn.relative_position_bias_table"},
                               {"attn.q.bias", "attn.q_bias"},
                               {"attn.v.bias", "attn.v_bias"},
                               {"ls1", "gamma_1"},
                               {"ls2", "gamma_2"}},
                     .qkv_bias = QkvBias::no_key}},
        .ignored = {"mask_token", "head.*", "lm_head.*", "cls_pt_layers.*",
                    "rel_pos_bias.relative_position_index",
                    "blocks.*.attn.relative_position_index"},
        .options = {{"bias_resize", {"timm", "unilm", "hf"}}, {"tokens", {"norm", "pre_norm"}}},
        .relative_bias = true,
        .layer_scale = Has::yes,
    };
}

}  // namespace patchead::inline backbone_detail
