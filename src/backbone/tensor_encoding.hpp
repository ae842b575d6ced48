#pragma once

#include <vector>

#include <ATen/core/Tensor.h>

namespace patchead::inline backbone_detail {

/// All tokens after some blocks. Shapes as LayerEncoding's.
struct LayerTensors {
    at::Tensor patches;
    at::Tensor prefix;  ///< Undefined if the network has no such tokens.
};

/// What a network made of images, on its device. What it has not, or was not asked for, is
/// undefined.
struct TensorEncoding {
    at::Tensor tokens;     ///< [B, L, dim]: patch embeddings.
    at::Tensor attention;  ///< [B, heads, L]: the last block's class token over patches.
    std::vector<LayerTensors> layers{};
    at::Tensor image_token{};           ///< [B, T]
    at::Tensor image_feature{};         ///< [B, E]
    at::Tensor image_attention{};       ///< [B, heads, rows, L]
    std::vector<at::Tensor> windows{};  ///< [B, windows, E] each.
};

/// Calls `visit(part...)` with each tensor, undefined ones too, of encodings of the same kind.
template <class Visit, class First, class... Others>
void for_each_part(const Visit& visit, First& first, Others&... others) {
    visit(first.tokens, others.tokens...);
    visit(first.attention, others.attention...);
    for (std::size_t i = 0; i < first.layers.size(); ++i) {
        visit(first.layers[i].patches, others.layers[i].patches...);
        visit(first.layers[i].prefix, others.layers[i].prefix...);
    }
    visit(first.image_token, others.image_token...);
    visit(first.image_feature, others.image_feature...);
    visit(first.image_attention, others.image_attention...);
    for (std::size_t i = 0; i < first.windows.size(); ++i) {
        visit(first.windows[i], others.windows[i]...);
    }
}

}  // namespace patchead::inline backbone_detail
