#include <utility>

#include <ATen/ATen.h>

#include "vit/vit.hpp"

namespace patchead::inline backbone_detail {
namespace {

/// Calls `change` with each tensor outside of blocks that takes part in a forward pass.
template <class Change>
void for_each_tensor(Vit& vit, const Change& change) {
    const auto layers = [&](auto&... layer) {
        (change(layer.weight), ...);
        (change(layer.bias), ...);
    };
    change(vit.patch_embed.weight);
    if (vit.prefix.defined()) { change(vit.prefix); }
    if (vit.pooling) {
        auto& pooling = *vit.pooling;
        change(pooling.query);
        layers(pooling.keys, pooling.values, pooling.proj, pooling.norm);
        for_each_of_mlp(pooling.mlp, change);
    }
    if (vit.pre_norm) { layers(*vit.pre_norm); }
    if (vit.norm) { layers(*vit.norm); }
    if (vit.projection) { layers(*vit.projection); }
}

}  // namespace

std::int64_t Vit::prefix_size() const { return prefix.defined() ? prefix.size(0) : 0; }

int Vit::output_dim() const {
    const bool projects = projection && tokens == TokenForm::projected;
    return projects ? static_cast<int>(projection->weight.size(0)) : dim;
}

int Vit::attention_heads() const {
    if (class_tokens > 0) { return heads; }
    return pooling ? static_cast<int>(pooling->query.size(0)) : 0;
}

bool Vit::has_windows() const { return class_tokens > 0 && !pooling && !rotary && !biases; }

GridTables make_tables(const Vit& vit, Grid grid) {
    GridTables tables{grid, at::zeros({grid.size(), vit.dim}), {}, {}, {}};
    if (vit.positions) { tables.offsets = tables.offsets + vit.positions->at_grid(grid); }
    if (vit.patch_embed.bias.defined()) { tables.offsets = tables.offsets + vit.patch_embed.bias; }
    if (vit.rotary) { tables.rotation = vit.rotary->at_grid(grid); }
    if (vit.biases) {
        const auto& biases = *vit.biases;
        for (const auto& table : biases.tables) {
            tables.biases.push_back(resize_bias(table, biases.side, grid, biases.resize));
        }
        tables.bias_index = bias_index(grid);
    }
    return tables;
}

Vit converted(Vit vit, c10::Device device, c10::ScalarType type) {
    for_each_tensor(vit,
                    [&](at::Tensor& tensor) { tensor = tensor.to(device, type).contiguous(); });
    for (auto& block : vit.blocks) { block = converted(std::move(block), device, type); }
    return vit;
}

GridTables converted(GridTables tables, c10::Device device, c10::ScalarType type) {
    tables.offsets = tables.offsets.to(device, type);
    if (tables.rotation.cos.defined()) {
        tables.rotation.cos = tables.rotation.cos.to(device);
        tables.rotation.sin = tables.rotation.sin.to(device);
    }
    for (auto& bias : tables.biases) { bias = bias.to(device, type); }
    if (tables.bias_index.defined()) { tables.bias_index = tables.bias_index.to(device); }
    return tables;
}

}  // namespace patchead::inline backbone_detail
