#include "vit/vit.hpp"

#include <ATen/ATen.h>

namespace patchead::inline backbone_detail {
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

/// Turns each channel pair (i, i + d / 2) of the patches. Shape: `x[heads, L, d]`, a view.
void turn(const at::Tensor& x, const Rotation& rotation) {
    const auto half = x.size(2) / 2;
    const auto first = x.narrow(2, 0, half);
    const auto second = x.narrow(2, half, half);
    const auto turned = (first * rotation.cos).sub_(second * rotation.sin);
    second.mul_(rotation.cos).add_(first * rotation.sin);
    first.copy_(turned);
}

/// The bias of a block in this grid; undefined if the network has none.
struct Bias {
    at::Tensor table;  ///< [heads, displacements]
    at::Tensor index;  ///< [N * N]

    /// Bias of the first `queries` queries, written to `scores[queries, N]`.
    void write(std::int64_t head, std::int64_t queries, const at::Tensor& scores) const {
        auto flat = scores.view({-1});
        const auto wanted = index.narrow(0, 0, queries * scores.size(1));
        at::index_select_out(flat, table[head], 0, wanted);
    }
};

/// `scores = q k^T [+ bias]` of some heads. Shape: `scores[heads, queries, N]`.
void write_scores(const Projections& p, const Bias& bias, std::int64_t head, at::Tensor& scores) {
    const auto q = p.q.narrow(0, head, scores.size(0)).narrow(1, 0, scores.size(1));
    const auto k = p.k.narrow(0, head, scores.size(0)).mT();
    if (!bias.table.defined()) {
        at::bmm_out(scores, q, k);
        return;
    }
    for (std::int64_t i = 0; i < scores.size(0); ++i) {
        bias.write(head + i, scores.size(1), scores[i]);
    }
    scores.baddbmm_(q, k);
}

/// softmax(q k^T [+ bias]) v, written to `mixed`. One head after the other on a CPU, so that the
/// scores stay in its cache.
/// Shape: `mixed[heads, N, d]`, any strides.
void mix(const Projections& p, const Bias& bias, const at::Tensor& mixed) {
    const auto heads = p.q.size(0);
    const std::int64_t group = p.q.is_cpu() ? 1 : heads;
    auto scores = at::empty({group, p.q.size(1), p.k.size(1)}, p.q.options());
    for (std::int64_t head = 0; head < heads; head += group) {
        write_scores(p, bias, head, scores);
        at::softmax_out(scores, scores, -1);
        auto out = mixed.narrow(0, head, group);
        at::bmm_out(out, scores, p.v.narrow(0, head, group));
    }
}

/// The class token's row of the softmax, patch columns. Shape: `[heads, L]`.
at::Tensor class_attention(const Projections& p, const Bias& bias, std::int64_t prefix) {
    auto scores = at::empty({p.q.size(0), 1, p.k.size(1)}, p.q.options());
    write_scores(p, bias, 0, scores);
    return at::softmax(scores, -1, at::kFloat).select(1, 0).slice(1, prefix);
}

/// One forward pass: what its blocks share.
class Pass {
  public:
    Pass(const Vit& vit, const GridTables& tables) : vit_(vit), tables_(tables) {}

    TensorEncoding run(const at::Tensor& images) {
        auto x = embed(vit_, tables_, images);
        if (vit_.pre_norm) { x = normalise(x, *vit_.pre_norm); }
        attention_ = at::empty({images.size(0), vit_.heads, tables_.grid.size()},
                               images.options().dtype(at::kFloat));
        for (std::size_t i = 0; i < vit_.blocks.size(); ++i) {
            attend(i, x);
            transform(vit_.blocks[i], x);
        }
        return {output(x), attention_};
    }

  private:
    /// `x += Attention(LN(x))`. Shape: `x[B, N, dim]`. The last block also keeps the class
    /// token's row.
    void attend(std::size_t index, at::Tensor& x) {
        const auto& block = vit_.blocks[index];
        const auto batch = x.size(0);
        const auto prefix = vit_.prefix.size(0);
        auto rows = x.view({-1, vit_.dim});
        const auto qkv =
            apply(block.qkv, normalise(rows, block.norm1)).view({batch, x.size(1), -1});
        auto mixed = at::empty_like(x);
        for (std::int64_t image = 0; image < batch; ++image) {
            const auto parts = by_head(qkv[image], vit_.heads);
            if (vit_.rotary) {
                turn(parts.q.slice(1, prefix), tables_.rotation);
                turn(parts.k.slice(1, prefix), tables_.rotation);
            }
            mix(parts, bias_of(index),
                mixed[image].view({x.size(1), vit_.heads, -1}).transpose(0, 1));
            if (&block == &vit_.blocks.back()) {
                attention_[image].copy_(class_attention(parts, bias_of(index), prefix));
            }
        }
        add_applied(rows, block.proj, mixed.view({-1, vit_.dim}));
    }

    [[nodiscard]] Bias bias_of(std::size_t block) const {
        const auto& biases = tables_.biases;
        if (biases.empty()) { return {}; }
        return {biases.size() == 1 ? biases.front() : biases[block], tables_.bias_index};
    }

    /// `x += MLP(LN(x))`. Shape: `x[B, N, dim]`.
    static void transform(const Block& block, at::Tensor& x) {
        auto rows = x.view({-1, x.size(2)});
        const auto hidden = apply(block.fc1, normalise(rows, block.norm2));
        add_applied(rows, block.fc2, activate(block, hidden));
    }

    /// GELU, or SwiGLU with its norm. Changes `hidden`.
    static at::Tensor activate(const Block& block, at::Tensor hidden) {
        if (!block.gated) { return at::gelu_(hidden); }
        const auto parts = hidden.chunk(2, 1);
        auto gates = parts[0];
        return normalise(at::silu_(gates).mul_(parts[1]), *block.gated);
    }

    [[nodiscard]] at::Tensor output(const at::Tensor& x) const {
        auto tokens = x.slice(1, vit_.prefix.size(0));
        if (vit_.norm) { tokens = normalise(tokens, *vit_.norm); }
        if (!vit_.projection) { return tokens; }
        const auto& linear = *vit_.projection;
        return at::matmul(tokens, linear.weight.t()).add_(linear.bias);
    }

    const Vit& vit_;
    const GridTables& tables_;
    at::Tensor attention_;
};

}  // namespace

TensorEncoding forward(const Vit& vit, const GridTables& tables, const at::Tensor& images) {
    return Pass(vit, tables).run(images);
}

}  // namespace patchead::inline backbone_detail
