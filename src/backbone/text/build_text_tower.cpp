#include <cmath>

#include <ATen/ATen.h>

#include "families/clip_names.hpp"
#include "text/text_tower.hpp"
#include "vit/build_block.hpp"

namespace patchead::inline backbone_detail {
namespace {

constexpr std::int64_t kTextHeadChannels = 64;  // Of every published model.

/// What blocks of texts have in common with a family of images.
const Family& text_blocks() {
    static const Family family{.name = "text tower", .norm_eps = 1e-5};
    return family;
}

NetworkSizes read_text_sizes(const Weights& weights, const NamedOptions& options) {
    const auto shape = weights.shape("token_embed.weight");
    weights.check(shape.size() == 2, "its table of tokens has shape ", to_string(shape),
                  ", expected [tokens, channels]");
    const auto usual = std::max<std::int64_t>(1, shape[1] / kTextHeadChannels);
    const int heads = positive(options, "text_heads", static_cast<int>(usual));
    weights.check(shape[1] % heads == 0, "the ", shape[1], " channels of its text tower cannot be ",
                  "divided into ", heads, " heads; option text_heads says how many there are");
    return {shape[1], 0, heads};
}

/// As a layer, or as CLIP's bare matrix [in, out].
Linear take_text_projection(Weights& weights, std::int64_t width) {
    const bool is_layer = weights.has("proj.weight");
    const auto shape = weights.shape(is_layer ? "proj.weight" : "proj");
    weights.check(shape.size() == 2, "its projection of texts has shape ", to_string(shape));
    if (is_layer) {
        return {weights.take("proj.weight", {shape[0], width}), at::zeros({shape[0]})};
    }
    return {weights.take("proj", {width, shape[1]}).t().contiguous(), at::zeros({shape[1]})};
}

}  // namespace

std::span<const Layout> text_layouts() {
    static const std::vector<Layout> layouts{
        {.name = "transformers",
         .marker = "text_model.embeddings.token_embedding.weight",
         .blocks = "text_model.encoder.layers.",
         .names = joined(kClipBlockOfTransformers,
                         {{"token_embed", "text_model.embeddings.token_embedding"},
                          {"pos_embed", "text_model.embeddings.position_embedding.weight"},
                          {"norm", "text_model.final_layer_norm"},
                          {"proj", "text_projection"}})},
        {.name = "official",
         .marker = "token_embedding.weight",
         .blocks = "transformer.resblocks.",
         .names = joined({{"token_embed", "token_embedding"},
                          {"norm", "ln_final"},
                          {"proj", "text_projection"}},
                         kClipNames)}};
    return layouts;
}

TextTower build_text_tower(Weights& weights, const NamedOptions& options) {
    const auto sizes = read_text_sizes(weights, options);
    TextTower tower;
    tower.heads = sizes.heads;
    tower.token_table =
        weights.take("token_embed.weight", {weights.shape("token_embed.weight")[0], sizes.dim});
    tower.positions = weights.take("pos_embed", {weights.shape("pos_embed")[0], sizes.dim});
    const auto name = [&] { return concat("blocks.", tower.blocks.size(), "."); };
    do {
        tower.blocks.push_back(
            build_block(text_blocks(), weights, options, name(), sizes, /*neighbours=*/false));
    } while (weights.has(name() + "norm1.weight"));
    tower.norm = take_norm(weights, "norm", sizes.dim, text_blocks().norm_eps);
    tower.projection = take_text_projection(weights, sizes.dim);
    if (weights.has("logit_scale")) {
        tower.logit_scale = std::exp(weights.take("logit_scale", {}).item<double>());
    }
    return tower;
}

}  // namespace patchead::inline backbone_detail
