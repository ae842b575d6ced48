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

/// Matrices one below the other. Each is given back before the next is read, so that a large file
/// needs little more memory than its own size. Shape: `rows` each, `[rows * names, into]`.
at::Tensor stacked(Weights& weights, const std::vector<std::string>& names, std::int64_t rows,
                   std::int64_t into) {
    auto all = at::empty({rows * static_cast<std::int64_t>(names.size()), into});
    std::int64_t first = 0;
    for (const auto& name : names) {
        all.narrow(0, first, rows).copy_(weights.take(name, {rows, into}));
        first += rows;
    }
    return all;
}

at::Tensor qkv_weight(Weights& weights, const std::string& name, std::int64_t dim) {
    if (!is_separate(weights, name)) { return weights.take(name + "qkv.weight", {3 * dim, dim}); }
    return stacked(weights, {name + "q.weight", name + "k.weight", name + "v.weight"}, dim, dim);
}

/// All three; zeros for what the file has none of, if no block has any.
at::Tensor qkv_bias(Weights& weights, const std::string& name, std::int64_t dim) {
    const auto kind = weights.layout().qkv_bias;
    const auto part = [&](const char* which) { return weights.take(name + which, {dim}); };
    const bool any = weights.has("blocks.0.attn.qkv.bias") || weights.has("blocks.0.attn.q.bias") ||
                     weights.has("blocks.0.attn.v.bias");
    if (kind == QkvBias::none || (weights.layout().may_lack_bias && !any)) {
        return at::zeros({3 * dim});
    }
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

/// The first matrix by that name, which has twice the rows that the second has columns.
bool is_packed(const Weights& weights, const std::string& name) {
    return weights.has(name + "fc1.weight") && weights.has(name + "fc2.weight") &&
           weights.shape(name + "fc1.weight").front() ==
               2 * weights.shape(name + "fc2.weight").back();
}

/// An MLP with gates, stored each by itself or packed. `name`: "blocks.0.mlp.".
Mlp take_gated(const Family& family, Weights& weights, const std::string& name, std::int64_t dim) {
    if (family.gates == Has::maybe && is_packed(weights, name)) {
        const auto hidden = weights.shape(name + "fc2.weight").back();
        return {Activation::swiglu,
                take_linear(weights, name + "fc1", 2 * hidden, dim),
                {},
                take_linear(weights, name + "fc2", dim, hidden)};
    }
    const auto hidden = weights.shape(name + "gate.weight").front();
    const Linear joint{stacked(weights, {name + "gate.weight", name + "value.weight"}, hidden, dim),
                       at::cat({weights.take(name + "gate.bias", {hidden}),
                                weights.take(name + "value.bias", {hidden})})};
    std::optional<LayerNorm> norm;
    if (family.inner_norm) { norm = take_norm(weights, name + "norm", hidden, family.norm_eps); }
    return {Activation::swiglu, joint, norm, take_linear(weights, name + "fc2", dim, hidden)};
}

bool is_gated(const Family& family, const Weights& weights, const std::string& name) {
    if (family.gates != Has::maybe) { return family.gates == Has::yes; }
    return weights.has(name + "gate.weight") || weights.has(name + "value.weight") ||
           is_packed(weights, name);
}

Activation activation_of(const Family& family, const NamedOptions& options) {
    if (is(options, "activation", "gelu")) { return Activation::gelu; }
    if (is(options, "activation", "gelu_tanh")) { return Activation::gelu_tanh; }
    if (is(options, "activation", "quickgelu")) { return Activation::quick_gelu; }
    return family.activation;
}

}  // namespace

Linear take_linear(Weights& weights, const std::string& name, std::int64_t out, std::int64_t in) {
    return {weights.take(name + ".weight", {out, in}), weights.take(name + ".bias", {out})};
}

LayerNorm take_norm(Weights& weights, const std::string& name, std::int64_t dim, double eps) {
    return {weights.take(name + ".weight", {dim}), weights.take(name + ".bias", {dim}), eps};
}

Mlp take_mlp(const Family& family, Weights& weights, const NamedOptions& options,
             const std::string& name, std::int64_t dim) {
    if (is_gated(family, weights, name)) { return take_gated(family, weights, name, dim); }
    const auto hidden = weights.shape(name + "fc1.weight").front();
    return {activation_of(family, options),
            take_linear(weights, name + "fc1", hidden, dim),
            {},
            take_linear(weights, name + "fc2", dim, hidden)};
}

Block build_block(const Family& family, Weights& weights, const NamedOptions& options,
                  const std::string& name, const NetworkSizes& sizes, bool neighbours) {
    const auto dim = sizes.dim;
    Block block;
    block.norm1 = take_norm(weights, name + "norm1", dim, family.norm_eps);
    block.qkv = take_qkv(weights, name + "attn.", sizes, neighbours);
    block.proj = take_linear(weights, name + "attn.proj", dim, dim);
    block.norm2 = take_norm(weights, name + "norm2", dim, family.norm_eps);
    block.mlp = take_mlp(family, weights, options, name + "mlp.", dim);
    if (has(family.layer_scale, weights, "blocks.0.ls1")) {
        scale_rows(block.proj, weights.take(name + "ls1", {dim}));
        scale_rows(block.mlp.fc2, weights.take(name + "ls2", {dim}));
    }
    return block;
}

bool has(Has parameter, const Weights& weights, std::string_view name) {
    return parameter == Has::yes || (parameter == Has::maybe && weights.has(name));
}

}  // namespace patchead::inline backbone_detail
