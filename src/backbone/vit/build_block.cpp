#include "vit/build_block.hpp"

#include <cmath>

#include <ATen/ATen.h>

namespace patchead::inline backbone_detail {
namespace {

/// By any of the three, so that one that is missing is missed by its name.
bool is_separate(const Weights& weights, const std::string& name) {
    return weights.has(name + "q.weight") || weights.has(name + "k.weight") ||
           weights.has(name + "v.weight");
}

at::Tensor qkv_weight(Weights& weights, const std::string& name, std::int64_t dim) {
    if (!is_separate(weights, name)) { return weights.take(name + "qkv.weight", {3 * dim, dim}); }
    return at::cat({weights.take(name + "q.weight", {dim, dim}),
                    weights.take(name + "k.weight", {dim, dim}),
                    weights.take(name + "v.weight", {dim, dim})});
}

/// All three; zeros for what the file has none of.
at::Tensor qkv_bias(Weights& weights, const std::string& name, std::int64_t dim) {
    const auto kind = weights.layout().qkv_bias;
    const auto part = [&](const char* which) { return weights.take(name + which, {dim}); };
    if (kind == QkvBias::none) { return at::zeros({3 * dim}); }
    if (kind == QkvBias::no_key) {
        return at::cat({part("q.bias"), at::zeros({dim}), part("v.bias")});
    }
    if (is_separate(weights, name)) {
        return at::cat({part("q.bias"), part("k.bias"), part("v.bias")});
    }
    const auto bias = weights.take(name + "qkv.bias", {3 * dim});
    if (kind == QkvBias::whole) { return bias; }
    return bias * weights.take_constant(name + "qkv.bias_mask", {3 * dim});
}

/// Order of a head's rows that brings pairs (2 i, 2 i + 1) to (i, i + d / 2), for queries and
/// keys; values stay. Shape: `[3 * dim]`.
at::Tensor paired_order(const NetworkSizes& sizes) {
    const auto rows = at::arange(3 * sizes.dim, at::kLong);
    const auto heads = rows.slice(0, 0, 2 * sizes.dim).view({2 * sizes.heads, -1, 2});
    return at::cat({heads.transpose(1, 2).flatten(), rows.slice(0, 2 * sizes.dim)});
}

/// One matrix for all three, with the scores' scale folded into the queries.
Linear take_qkv(Weights& weights, const std::string& name, const NetworkSizes& sizes,
                bool neighbours) {
    Linear all{qkv_weight(weights, name, sizes.dim), qkv_bias(weights, name, sizes.dim)};
    const double scale = 1 / std::sqrt(static_cast<double>(sizes.dim / sizes.heads));
    all.weight.narrow(0, 0, sizes.dim).mul_(scale);
    all.bias.narrow(0, 0, sizes.dim).mul_(scale);
    if (!neighbours) { return all; }
    const auto order = paired_order(sizes);
    return {all.weight.index_select(0, order), all.bias.index_select(0, order)};
}

void scale_rows(Linear& linear, const at::Tensor& scale) {
    linear.weight.mul_(scale.unsqueeze(1));
    linear.bias.mul_(scale);
}

/// Adds both layers of the MLP, plain or gated. `name`: "blocks.0.mlp.".
void take_mlp(const Family& family, Weights& weights, const std::string& name, std::int64_t dim,
              Block& block) {
    const auto first = name + (family.gated ? "gate" : "fc1");
    const auto hidden = weights.shape(first + ".weight").front();
    block.fc1 = take_linear(weights, first, hidden, dim);
    if (family.gated) {
        const auto values = take_linear(weights, name + "value", hidden, dim);
        block.fc1 = {at::cat({block.fc1.weight, values.weight}),
                     at::cat({block.fc1.bias, values.bias})};
        block.gated = take_norm(weights, name + "norm", hidden, family.norm_eps);
    }
    block.fc2 = take_linear(weights, name + "fc2", dim, hidden);
}

}  // namespace

Linear take_linear(Weights& weights, const std::string& name, std::int64_t out, std::int64_t in) {
    return {weights.take(name + ".weight", {out, in}), weights.take(name + ".bias", {out})};
}

LayerNorm take_norm(Weights& weights, const std::string& name, std::int64_t dim, double eps) {
    return {weights.take(name + ".weight", {dim}), weights.take(name + ".bias", {dim}), eps};
}

Block build_block(const Family& family, Weights& weights, const std::string& name,
                  const NetworkSizes& sizes, bool neighbours) {
    const auto dim = sizes.dim;
    Block block;
    block.norm1 = take_norm(weights, name + "norm1", dim, family.norm_eps);
    block.qkv = take_qkv(weights, name + "attn.", sizes, neighbours);
    block.proj = take_linear(weights, name + "attn.proj", dim, dim);
    block.norm2 = take_norm(weights, name + "norm2", dim, family.norm_eps);
    take_mlp(family, weights, name + "mlp.", dim, block);
    if (family.layer_scale) {
        scale_rows(block.proj, weights.take(name + "ls1", {dim}));
        scale_rows(block.fc2, weights.take(name + "ls2", {dim}));
    }
    return block;
}

}  // namespace patchead::inline backbone_detail
