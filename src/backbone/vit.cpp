#include "vit.hpp"

#include <ATen/ATen.h>

namespace patchead {
namespace {

at::Tensor normalise(const at::Tensor& x, const LayerNorm& norm) {
    return at::layer_norm(x, {x.size(-1)}, norm.weight, norm.bias, norm.eps);
}

/// Shape: `x[n, in]` to `[n, out]`.
at::Tensor apply(const Linear& linear, const at::Tensor& x) {
    return at::addmm(linear.bias, x, linear.weight.t());
}

/// `x += linear(y)` without a temporary. Shape: `x[n, out]`, `y[n, in]`.
void add_applied(at::Tensor& x, const Linear& linear, const at::Tensor& y) {
    x.add_(linear.bias).addmm_(y, linear.weight.t());
}

/// Non-overlapping patches as rows, in the order of the convolution's weights: channel, y, x.
/// Shape: `[B, 3, rows * p, cols * p]` to `[B, L, 3 * p * p]`.
at::Tensor unfold(const at::Tensor& images, Grid grid, std::int64_t p) {
    const auto batch = images.size(0);
    return images.reshape({batch, 3, grid.rows, p, grid.cols, p})
        .permute({0, 2, 4, 1, 3, 5})
        .reshape({batch, grid.size(), 3 * p * p});
}

/// The sequence that enters the first block. Shape: `[B, prefix + L, dim]`.
at::Tensor embed(const Vit& vit, const GridTables& tables, const at::Tensor& images) {
    const auto batch = images.size(0);
    const auto patches = unfold(images, tables.grid, vit.patch_px);
    const auto count = vit.prefix.size(0);
    auto sequence = at::empty({batch, count + tables.grid.size(), vit.dim}, images.options());
    for (std::int64_t image = 0; image < batch; ++image) {
        auto tokens = sequence[image];
        tokens.narrow(0, 0, count).copy_(vit.prefix);
        auto rows = tokens.narrow(0, count, tables.grid.size());
        at::addmm_out(rows, tables.offsets, patches[image], vit.patch_embed.weight.t());
    }
    return sequence;
}

/// Queries, keys and values of one image by head. Shape: `[heads, N, d]` each, views.
struct Projections {
    at::Tensor q, k, v;
};

/// Shape: `qkv[N, 3 * dim]`.
Projections by_head(const at::Tensor& qkv, std::int64_t heads) {
    const auto parts = qkv.reshape({qkv.size(0), 3, heads, -1}).permute({1, 2, 0, 3});
    return {parts[0], parts[1], parts[2]};
}

/// softmax(q k^T) v, written to `mixed`. One head after the other on a CPU, so that the scores
/// stay in its cache.
/// Shape: `mixed[heads, N, d]`, any strides.
void mix(const Projections& p, at::Tensor mixed) {
    const auto heads = p.q.size(0);
    const std::int64_t group = p.q.is_cpu() ? 1 : heads;
    auto scores = at::empty({group, p.q.size(1), p.k.size(1)}, p.q.options());
    for (std::int64_t head = 0; head < heads; head += group) {
        at::bmm_out(scores, p.q.narrow(0, head, group), p.k.narrow(0, head, group).mT());
        at::softmax_out(scores, scores, -1);
        auto out = mixed.narrow(0, head, group);
        at::bmm_out(out, scores, p.v.narrow(0, head, group));
    }
}

/// The class token's row of the softmax, patch columns. Shape: `[heads, L]`.
at::Tensor class_attention(const Projections& p, std::int64_t prefix) {
    const auto scores = at::bmm(p.q.narrow(1, 0, 1), p.k.mT());
    return at::softmax(scores, -1).select(1, 0).slice(1, prefix);
}

/// `x += Attention(LN(x))`. Shape: `x[B, N, dim]`. If `attention[B, heads, L]` is given, the class
/// token's row goes there.
void attend(const Vit& vit, const Block& block, at::Tensor& x, at::Tensor* attention) {
    const auto batch = x.size(0);
    auto rows = x.view({-1, vit.dim});
    const auto qkv = apply(block.qkv, normalise(rows, block.norm1)).view({batch, x.size(1), -1});
    auto mixed = at::empty_like(x);
    for (std::int64_t image = 0; image < batch; ++image) {
        const auto parts = by_head(qkv[image], vit.heads);
        mix(parts, mixed[image].view({x.size(1), vit.heads, -1}).transpose(0, 1));
        if (attention != nullptr) {
            (*attention)[image].copy_(class_attention(parts, vit.prefix.size(0)));
        }
    }
    add_applied(rows, block.proj, mixed.view({-1, vit.dim}));
}

/// `x += MLP(LN(x))`. Shape: `x[B, N, dim]`.
void transform(const Block& block, at::Tensor& x) {
    auto rows = x.view({-1, x.size(2)});
    auto hidden = apply(block.fc1, normalise(rows, block.norm2));
    at::gelu_(hidden);
    add_applied(rows, block.fc2, hidden);
}

}  // namespace

GridTables make_tables(const Vit& vit, Grid grid) {
    return {grid, vit.positions.at_grid(grid) + vit.patch_embed.bias};
}

VitOutput forward(const Vit& vit, const GridTables& tables, const at::Tensor& images) {
    const auto batch = images.size(0);
    const auto patches = tables.grid.size();
    auto x = embed(vit, tables, images);
    auto attention = at::empty({batch, vit.heads, patches}, images.options());
    for (const auto& block : vit.blocks) {
        attend(vit, block, x, &block == &vit.blocks.back() ? &attention : nullptr);
        transform(block, x);
    }
    return {normalise(x.slice(1, vit.prefix.size(0)), vit.norm), attention};
}

}  // namespace patchead
