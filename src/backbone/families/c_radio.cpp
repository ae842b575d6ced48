#include "families/family.hpp"

namespace patchead::inline backbone_detail {
namespace {

/// Names in the official file and in Hugging Face's differ by what stands before the network.
Layout c_radio_layout(std::string_view name, std::string_view marker, std::string_view blocks,
                      LayoutNames names) {
    return {.name = name, .marker = marker, .blocks = blocks, .names = std::move(names)};
}

}  // namespace

/// C-RADIO v3 and v4: normalises its pixels itself; the tokens before the patches, class tokens of
/// its teachers and then registers, are one table. How many are class tokens (option
/// `class_tokens`) and which of them are the image's summary (option `summary`) Hugging Face's file
/// says in part, the official one only in its arguments. With option `tokens=projected` patch
/// embeddings go through the file's feature normaliser, as upstream's `features` do where there is
/// one. Positions are resized to a square, of which the grid is the upper left part.
/// Source: Ranzinger et al., "AM-RADIO", 2024; NVlabs/RADIO, radio/vit_patch_generator.py.
Family c_radio() {
    return {
        .name = "c_radio",
        .layouts =
            {
                c_radio_layout("official", "base_model.patch_generator.embedder.weight",
                               "base_model.blocks.",
                               {{"patch_embed", "base_model.patch_generator.embedder"},
                                {"cls_token", "base_model.patch_generator.cls_token.token"},
                                {"pos_embed", "base_model.patch_generator.pos_embed"},
                                {"norm", "base_model.norm"},
                                {"pixel_mean", "input_conditioner.norm_mean"},
                                {"pixel_std", "input_conditioner.norm_std"},
                                {"feature_mean", "_feature_normalizer.mean"},
                                {"feature_scale", "_feature_normalizer.tx"}}),
                c_radio_layout("transformers", "model.patch_generator.embedder.weight",
                               "model.blocks.",
                               {{"patch_embed", "model.patch_generator.embedder"},
                                {"cls_token", "model.patch_generator.cls_token.token"},
                                {"pos_embed", "model.patch_generator.pos_embed"},
                                {"norm", "model.norm"},
                                {"pixel_mean", "input_conditioner.norm_mean"},
                                {"pixel_std", "input_conditioner.norm_std"},
                                {"feature_mean", "feature_normalizer.mean"},
                                {"feature_scale", "feature_normalizer.tx"},
                                {"summary", "summary_idxs"}}),
            },
        .ignored = {"_intermediate_feature_normalizer.*", "intermediate_feature_normalizer.*",
                    "_heads.*", "_feature_projections.*", "heads.*", "feature_projections.*"},
        .options = {{"tokens", {"norm", "projected"}},
                    {"class_tokens", {}},
                    {.name = "summary", .is_list = true}},
        .pixels = {.image_px = 512, .mean = kZero, .std = kOne},
        .head_counts = {{1152, 16}, {1280, 16}},
        .patch_bias = false,
        .normalises = true,
        .one_prefix = true,
        .positions = PositionResize{PositionResize::Filter::bilinear, 0, true},
        .layer_scale = Has::maybe,
        .projection = Has::maybe,
        .projects_images = false,
    };
}

}  // namespace patchead::inline backbone_detail
