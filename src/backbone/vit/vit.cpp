#include "vit/vit.hpp"

#include <algorithm>
#include <utility>

#include <ATen/ATen.h>

#include "vit/image_token.hpp"
#include "vit/windows.hpp"

namespace patchead::inline backbone_detail {
namespace {

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
    const auto count = vit.prefix_size();
    auto sequence = at::empty({batch, count + tables.grid.size(), vit.dim}, images.options());
    for (std::int64_t image = 0; image < batch; ++image) {
        auto tokens = sequence[image];
        if (count > 0) { tokens.narrow(0, 0, count).copy_(vit.prefix); }
        auto rows = tokens.narrow(0, count, tables.grid.size());
        at::addmm_out(rows, tables.offsets, patches[image], vit.patch_embed.weight.t());
    }
    return sequence;
}

/// The same of all images in one product.
at::Tensor embed_all(const Vit& vit, const GridTables& tables, const at::Tensor& images) {
    const auto patches = unfold(images, tables.grid, vit.patch_px);
    auto rows = at::matmul(patches, vit.patch_embed.weight.t()).add_(tables.offsets);
    if (vit.prefix_size() == 0) { return rows; }
    return at::cat({vit.prefix.unsqueeze(0).expand({images.size(0), -1, -1}), rows}, 1);
}

/// One forward pass: what its blocks share.
class Pass {
  public:
    Pass(const Vit& vit, const GridTables& tables, const TokenRequest& request, Work work)
        : vit_(vit), tables_(tables), request_(request), work_(work) {}

    TensorEncoding run(const at::Tensor& images) {
        auto x = work_ == Work::by_head ? embed_each(vit_, tables_, images)
                                        : embed_all(vit_, tables_, images);
        for (const int side : request_.windows) {
            result_.windows.push_back(embed_windows(vit_, x, tables_.grid, side));
        }
        if (vit_.pre_norm) { x = normalise(x, *vit_.pre_norm); }
        for (std::size_t i = 0; i < vit_.blocks.size(); ++i) {
            attend(i, x);
            add_mlp(x, vit_.blocks[i]);
            keep(static_cast<int>(i) + 1, x);
        }
        result_.tokens = formed(x.slice(1, vit_.prefix_size()), vit_.tokens);
        embed_image(x);
        return std::move(result_);
    }

  private:
    /// The last block also keeps the class tokens' rows. Shape: `x[B, N, dim]`.
    void attend(std::size_t index, at::Tensor& x) {
        const bool is_last = index + 1 == vit_.blocks.size();
        const int most = request_.image ? vit_.class_tokens : std::min(vit_.class_tokens, 1);
        const auto attended =
            add_attention(x, vit_.blocks[index],
                          {{}, vit_.heads, vit_.prefix_size(), tables_.rotation, bias_of(index)},
                          work_, is_last ? most : 0);
        if (!attended.class_rows.defined()) { return; }
        result_.attention = attended.class_rows.select(1, 0);
        if (request_.image) { result_.image_attention = attended.class_rows.transpose(1, 2); }
    }

    [[nodiscard]] ScoreBias bias_of(std::size_t block) const {
        const auto& biases = tables_.biases;
        if (biases.empty()) { return {}; }
        return {biases.size() == 1 ? biases.front() : biases[block], tables_.bias_index};
    }

    /// The tokens after `layer` blocks in the forms that are wanted.
    void keep(int layer, const at::Tensor& x) {
        for (const auto& wanted : request_.layers) {
            if (wanted.number == layer) { keep(wanted, x); }
        }
    }

    /// The stream changes in place afterwards.
    void keep(const TokenLayer& layer, const at::Tensor& x) {
        auto tokens = formed(x, layer.form);
        if (tokens.is_same(x) && layer.number < static_cast<int>(vit_.blocks.size())) {
            tokens = tokens.clone();
        }
        const auto prefix = vit_.prefix_size();
        result_.layers.push_back({tokens.slice(1, prefix), {}});
        if (prefix > 0) { result_.layers.back().prefix = tokens.narrow(1, 0, prefix); }
    }

    /// Shape: `x[..., dim]`.
    [[nodiscard]] at::Tensor formed(const at::Tensor& x, TokenForm form) const {
        if (form == TokenForm::raw) { return x; }
        auto tokens = vit_.norm ? normalise(x, *vit_.norm) : x;
        if (form == TokenForm::norm || !vit_.projection) { return tokens; }
        const auto& linear = *vit_.projection;
        return at::matmul(tokens, linear.weight.t()).add_(linear.bias);
    }

    /// The image's embedding, if it is wanted, and attention if only pooling has any.
    void embed_image(const at::Tensor& x) {
        if (vit_.pooling && (request_.image || vit_.class_tokens == 0)) {
            const auto pooled = pool(*vit_.pooling, formed(x, TokenForm::norm));
            const auto attention = pooled.attention.slice(2, vit_.prefix_size());
            if (vit_.class_tokens == 0) { result_.attention = attention; }
            if (!request_.image) { return; }
            result_.image_token = pooled.token;
            result_.image_attention = attention.unsqueeze(2);
        } else if (request_.image && vit_.class_tokens > 0) {
            result_.image_token = summary_token(vit_, x);
        }
        if (!result_.image_token.defined()) { return; }
        result_.image_feature = projected_image(vit_, result_.image_token);
    }

    const Vit& vit_;
    const GridTables& tables_;
    const TokenRequest& request_;
    Work work_;
    TensorEncoding result_;
};

}  // namespace

TensorEncoding forward(const Vit& vit, const GridTables& tables, const at::Tensor& images,
                       const TokenRequest& request, Work work) {
    return Pass(vit, tables, request, work).run(images);
}

}  // namespace patchead::inline backbone_detail
