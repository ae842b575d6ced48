#include "vit/attention.hpp"

#include <vector>

#include <ATen/ATen.h>

#include "torch_version.hpp"

namespace patchead::inline backbone_detail {
namespace {

/// Queries, keys and values by head. Shape: `[..., heads, N, d]` each, views.
struct Projections {
    at::Tensor q, k, v;
};

/// Shape: `qkv[N, 3 * dim]`.
Projections by_head(const at::Tensor& qkv, std::int64_t heads) {
    const auto parts = qkv.reshape({qkv.size(0), 3, heads, -1}).permute({1, 2, 0, 3});
    return {parts[0], parts[1], parts[2]};
}

/// Shape: `qkv[B, N, 3 * dim]`.
Projections by_image_and_head(const at::Tensor& qkv, std::int64_t heads) {
    const auto parts =
        qkv.reshape({qkv.size(0), qkv.size(1), 3, heads, -1}).permute({2, 0, 3, 1, 4});
    return {parts[0], parts[1], parts[2]};
}

/// Turns each channel pair (i, i + d / 2) of the patches. Shape: `x[..., L, d]`, a view.
void turn(const at::Tensor& x, const Rotation& rotation) {
    const auto half = x.size(-1) / 2;
    const auto first = x.narrow(-1, 0, half);
    const auto second = x.narrow(-1, half, half);
    const auto turned = (first * rotation.cos).sub_(second * rotation.sin);
    second.mul_(rotation.cos).add_(first * rotation.sin);
    first.copy_(turned);
}

void turn(const Projections& p, const AttentionInput& input) {
    if (!input.rotation.cos.defined()) { return; }
    turn(p.q.slice(-2, input.prefix), input.rotation);
    turn(p.k.slice(-2, input.prefix), input.rotation);
}

/// Bias of the queries from `first` on, written to `scores[queries, N]`.
void write_bias(const ScoreBias& bias, std::int64_t head, std::int64_t first,
                const at::Tensor& scores) {
    auto flat = scores.view({-1});
    const auto wanted = bias.index.narrow(0, first * scores.size(1), scores.numel());
    at::index_select_out(flat, bias.table[head], 0, wanted);
}

/// `scores = q k^T [+ bias]` of some heads of an image and of its queries from `first` on.
/// Shape: `scores[heads, queries, N]`.
void write_scores(const Projections& p, const ScoreBias& bias, std::int64_t head,
                  std::int64_t first, at::Tensor& scores) {
    const auto q = p.q.narrow(0, head, scores.size(0)).narrow(1, first, scores.size(1));
    const auto k = p.k.narrow(0, head, scores.size(0)).mT();
    if (!bias.table.defined()) {
        at::bmm_out(scores, q, k);
        return;
    }
    for (std::int64_t i = 0; i < scores.size(0); ++i) {
        write_bias(bias, head + i, first, scores[i]);
    }
    scores.baddbmm_(q, k);
}

/// softmax(q k^T [+ bias]) v of an image, one head after the other.
/// Shape: `mixed[heads, N, d]`, any strides.
void mix(const Projections& p, const ScoreBias& bias, const at::Tensor& mixed) {
    auto scores = at::empty({1, p.q.size(1), p.k.size(1)}, p.q.options());
    for (std::int64_t head = 0; head < p.q.size(0); ++head) {
        write_scores(p, bias, head, 0, scores);
        at::softmax_out(scores, scores, -1);
        auto out = mixed.narrow(0, head, 1);
        at::bmm_out(out, scores, p.v.narrow(0, head, 1));
    }
}

/// A token's row of the softmax of an image, patch columns. Shape: `[heads, L]`.
at::Tensor class_row(const Projections& p, const ScoreBias& bias, std::int64_t prefix,
                     std::int64_t row) {
    auto scores = at::empty({p.q.size(0), 1, p.k.size(1)}, p.q.options());
    write_scores(p, bias, 0, row, scores);
    return at::softmax(scores, -1, at::kFloat).select(1, 0).slice(1, prefix);
}

Attended attend_by_head(const AttentionInput& input, std::int64_t rows) {
    const auto batch = input.qkv.size(0);
    const auto tokens = input.qkv.size(1);
    Attended result{at::empty({batch, tokens, input.qkv.size(2) / 3}, input.qkv.options()), {}};
    if (rows > 0) {
        result.class_rows = at::empty({batch, rows, input.heads, tokens - input.prefix},
                                      input.qkv.options().dtype(at::kFloat));
    }
    for (std::int64_t image = 0; image < batch; ++image) {
        const auto parts = by_head(input.qkv[image], input.heads);
        turn(parts, input);
        mix(parts, input.bias, result.mixed[image].view({tokens, input.heads, -1}).transpose(0, 1));
        for (std::int64_t row = 0; row < rows; ++row) {
            result.class_rows[image][row].copy_(class_row(parts, input.bias, input.prefix, row));
        }
    }
    return result;
}

/// The bias of each pair of tokens. Shape: `[1, heads, N, N]`; undefined if there is none.
at::Tensor mask_of(const ScoreBias& bias, std::int64_t tokens) {
    if (!bias.table.defined()) { return {}; }
    return bias.table.index_select(1, bias.index).view({1, -1, tokens, tokens});
}

/// q k^T [+ mask].
/// Shape: `q[B, heads, queries, d]`, `k[B, heads, N, d]`, `mask[1, heads, queries, N]`.
at::Tensor scores_of(const at::Tensor& q, const at::Tensor& k, const at::Tensor& mask) {
    auto scores = at::matmul(q, k.mT());
    if (mask.defined()) { scores.add_(mask); }
    return scores;
}

/// As fused_attention(), by way of the scores.
at::Tensor plain_attention(const Projections& p, const at::Tensor& mask) {
    auto scores = scores_of(p.q, p.k, mask);
    at::softmax_out(scores, scores, -1);
    return at::matmul(scores, p.v);
}

/// Fused attention has no weights to show: of class tokens they are computed by themselves.
/// Shape: `[B, heads, L]`.
at::Tensor class_row_of_all(const Projections& p, const at::Tensor& mask, std::int64_t prefix,
                            std::int64_t row) {
    const auto bias = mask.defined() ? mask.narrow(2, row, 1) : mask;
    const auto scores = scores_of(p.q.narrow(2, row, 1), p.k, bias);
    return at::softmax(scores, -1, at::kFloat).select(2, 0).slice(2, prefix);
}

Attended attend_at_once(const AttentionInput& input, std::int64_t rows) {
    const auto p = by_image_and_head(input.qkv, input.heads);
    turn(p, input);
    const auto mask = mask_of(input.bias, input.qkv.size(1));
    const auto mixed =
        kHasFusedAttention ? fused_attention(p.q, p.k, p.v, mask) : plain_attention(p, mask);
    Attended result{mixed.transpose(1, 2).reshape({input.qkv.size(0), input.qkv.size(1), -1}), {}};
    std::vector<at::Tensor> class_rows;
    for (std::int64_t row = 0; row < rows; ++row) {
        class_rows.push_back(class_row_of_all(p, mask, input.prefix, row));
    }
    if (rows > 0) { result.class_rows = at::stack(class_rows, 1); }
    return result;
}

}  // namespace

Attended attend(const AttentionInput& input, Work work, int rows) {
    return work == Work::by_head ? attend_by_head(input, rows) : attend_at_once(input, rows);
}

}  // namespace patchead::inline backbone_detail
