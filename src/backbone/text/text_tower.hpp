#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <ATen/core/Tensor.h>

#include "checkpoint/load_weights.hpp"
#include "compute_place.hpp"
#include "families/named_options.hpp"
#include "vit/block.hpp"

/// \file
/// \brief The transformer of CLIP's text tower.
///
/// Source: Radford et al., "Learning Transferable Visual Models From Natural Language Supervision",
/// 2021; openai/CLIP, model.py; mlfoundations/open_clip, transformer.py; transformers,
/// modeling_clip.py. The same blocks as those of images, but a token sees only those before it.

namespace patchead::inline backbone_detail {

/// A network with its weights. Nothing in it changes once it is loaded.
struct TextTower {
    int heads = 0;
    at::Tensor token_table;  ///< [vocabulary, width]
    at::Tensor positions;    ///< [context, width]
    std::vector<Block> blocks;
    LayerNorm norm;
    Linear projection;                  ///< [dim, width], without a bias in the file.
    std::optional<double> logit_scale;  ///< Its exponential.
};

/// How publishers name its parameters, as families of images have it.
[[nodiscard]] std::span<const Layout> text_layouts();

/// The tower with these weights. Sizes come from the shapes; `options` are complete ones of its
/// family. Throws WeightsError as Weights does.
[[nodiscard]] TextTower build_text_tower(Weights& weights, const NamedOptions& options);

[[nodiscard]] TextTower converted(TextTower tower, c10::Device device, c10::ScalarType type);

/// What became of a batch of texts.
struct TextPass {
    at::Tensor stream;  ///< [B, N, width]: behind the last block, without the final norm.
    /// [B, N, heads, N], float32: the last block's softmax of each token, if it was asked for.
    at::Tensor attention;
};

/// All tokens of texts of one length. Shape: `ids[B, N]`, int64, on the network's device.
[[nodiscard]] TextPass run_texts(const TextTower& tower, const at::Tensor& ids, Work work,
                                 bool with_attention = false);

/// Embeddings: the token `ends[b]` of each text with the final norm, projected. Shape: `[B, dim]`.
[[nodiscard]] at::Tensor text_features(const TextTower& tower, const TextPass& pass,
                                       const at::Tensor& ends);

/// The token whose embedding a text's is: the first one of the highest id, which is the end's.
[[nodiscard]] std::int64_t end_of(std::span<const std::int32_t> ids);

}  // namespace patchead::inline backbone_detail
