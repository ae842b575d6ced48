#include "vit/block.hpp"

#include <ATen/ATen.h>

namespace patchead::inline backbone_detail {

Attended add_attention(at::Tensor& x, const Block& block, AttentionInput input, Work work,
                       int rows) {
    const auto dim = x.size(2);
    auto flat = x.view({-1, dim});
    input.qkv = apply(block.qkv, normalise(flat, block.norm1)).view({x.size(0), x.size(1), -1});
    auto attended = attend(input, work, rows);
    add_applied(flat, block.proj, attended.mixed.view({-1, dim}));
    return attended;
}

void add_mlp(at::Tensor& x, const Block& block) {
    auto flat = x.view({-1, x.size(2)});
    add_transformed(flat, block.mlp, normalise(flat, block.norm2));
}

Block converted(Block block, c10::Device device, c10::ScalarType type) {
    const auto change = [&](at::Tensor& tensor) { tensor = tensor.to(device, type).contiguous(); };
    const auto change_layers = [&](auto&... layer) {
        (change(layer.weight), ...);
        (change(layer.bias), ...);
    };
    change_layers(block.norm1, block.qkv, block.proj, block.norm2);
    for_each_of_mlp(block.mlp, change);
    return block;
}

}  // namespace patchead::inline backbone_detail
