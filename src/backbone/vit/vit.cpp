#include "vit/vit.hpp"

#include <ATen/ATen.h>

#include "vit/attention.hpp"

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

/// The sequence that enters the first block, one image after the other.
/// Shape: `[B, prefix + L, dim]`.
at::Tensor embed_each(const Vit& vit, const GridTables& tables, const at::Tensor& images) {
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

/// The same of all images in one product.
at::Tensor embed_all(const Vit& vit, const GridTables& tables, const at::Tensor& images) {
    const auto patches = unfold(images, tables.grid, vit.patch_px);
    const auto rows = at::matmul(patches, vit.patch_embed.weight.t()).add_(tables.offsets);
    return at::cat({vit.prefix.unsqueeze(0).expand({images.size(0), -1, -1}), rows}, 1);
}

/// One forward pass: what its blocks share.
class Pass {
  public:
    Pass(const Vit& vit, const GridTables& tables, Work work)
        : vit_(vit), tables_(tables), work_(work) {}

    TensorEncoding run(const at::Tensor& images) {
        auto x = work_ == Work::by_head ? embed_each(vit_, tables_, images)
                                        : embed_all(vit_, tables_, images);
        if (vit_.pre_norm) { x = normalise(x, *vit_.pre_norm); }
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
        const bool is_last = index + 1 == vit_.blocks.size();
        auto rows = x.view({-1, vit_.dim});
        const auto qkv =
            apply(block.qkv, normalise(rows, block.norm1)).view({x.size(0), x.size(1), -1});
        const auto attended = patchead::attend(
            {qkv, vit_.heads, vit_.prefix.size(0), tables_.rotation, bias_of(index)}, work_,
            is_last);
        if (is_last) { attention_ = attended.class_row; }
        add_applied(rows, block.proj, attended.mixed.view({-1, vit_.dim}));
    }

    [[nodiscard]] ScoreBias bias_of(std::size_t block) const {
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
    Work work_;
    at::Tensor attention_;  ///< Of the last block.
};

}  // namespace

TensorEncoding forward(const Vit& vit, const GridTables& tables, const at::Tensor& images,
                       Work work) {
    return Pass(vit, tables, work).run(images);
}

}  // namespace patchead::inline backbone_detail
