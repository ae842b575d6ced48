#include "text/text_tower.hpp"

#include <algorithm>
#include <limits>

#include <ATen/ATen.h>

namespace patchead::inline backbone_detail {
namespace {

/// 0 for a token and those before it, minus infinity for those behind it, as a table of biases.
ScoreBias causal_bias(std::int64_t tokens, std::int64_t heads, const at::TensorOptions& options) {
    const auto table = at::zeros({heads, 2}, options);
    table.select(1, 1).fill_(-std::numeric_limits<double>::infinity());
    const auto place = at::arange(tokens, options.dtype(at::kLong));
    const auto is_behind = place.unsqueeze(0).gt(place.unsqueeze(1));
    return {table, is_behind.to(at::kLong).flatten()};
}

}  // namespace

TextTower converted(TextTower tower, c10::Device device, c10::ScalarType type) {
    for (auto* tensor : {&tower.token_table, &tower.positions, &tower.norm.weight, &tower.norm.bias,
                         &tower.projection.weight, &tower.projection.bias}) {
        *tensor = tensor->to(device, type).contiguous();
    }
    for (auto& block : tower.blocks) { block = converted(std::move(block), device, type); }
    return tower;
}

TextPass run_texts(const TextTower& tower, const at::Tensor& ids, Work work, bool with_attention) {
    const auto tokens = ids.size(1);
    TextPass pass;
    pass.stream = tower.token_table.index_select(0, ids.flatten())
                      .view({ids.size(0), tokens, -1})
                      .add_(tower.positions.narrow(0, 0, tokens));
    const auto bias = causal_bias(tokens, tower.heads, tower.token_table.options());
    for (const auto& block : tower.blocks) {
        const bool is_wanted = with_attention && &block == &tower.blocks.back();
        const auto attended = add_attention(pass.stream, block, {{}, tower.heads, 0, {}, bias},
                                            work, is_wanted ? static_cast<int>(tokens) : 0);
        if (is_wanted) { pass.attention = attended.class_rows; }
        add_mlp(pass.stream, block);
    }
    return pass;
}

at::Tensor text_features(const TextTower& tower, const TextPass& pass, const at::Tensor& ends) {
    const auto texts = at::arange(ends.size(0), ends.options());
    const auto rows = texts.mul(pass.stream.size(1)).add(ends);
    const auto tokens = pass.stream.flatten(0, 1).index_select(0, rows);
    return apply(tower.projection, normalise(tokens, tower.norm));
}

std::int64_t end_of(std::span<const std::int32_t> ids) {
    return std::ranges::max_element(ids) - ids.begin();
}

}  // namespace patchead::inline backbone_detail
