#include "vit/attention.hpp"

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

/// Bias of the first `queries` queries, written to `scores[queries, N]`.
void write_bias(const ScoreBias& bias, std::int64_t head, std::int64_t queries,
                const at::Tensor& scores) {
    auto flat = scores.view({-1});
    const auto wanted = bias.index.narrow(0, 0, queries * scores.size(1));
    at::index_select_out(flat, bias.table[head], 0, wanted);
}

/// `scores = q k^T [+ bias]` of some heads of an image. Shape: `scores[heads, queries, N]`.
void write_scores(const Projections& p, const ScoreBias& bias, std::int64_t head,
                  at::Tensor& scores) {
    const auto q = p.q.narrow(0, head, scores.size(0)).narrow(1, 0, scores.size(1));
    const auto k = p.k.narrow(0, head, scores.size(0)).mT();
    if (!bias.table.defined()) {
        at::bmm_out(scores, q, k);
        return;
    }
    for (std::int64_t i = 0; i < scores.size(0); ++i) {
        write_bias(bias, head + i, scores.size(1), scores[i]);
    }
    scores.baddbmm_(q, k);
}

/// softmax(q k^T [+ bias]) v of an image, one head after the other.
/// Shape: `mixed[heads, N, d]`, any strides.
void mix(const Projections& p, const ScoreBias& bias, const at::Tensor& mixed) {
    auto scores = at::empty({1, p.q.size(1), p.k.size(1)}, p.q.options());
    for (std::int64_t head = 0; head < p.q.size(0); ++head) {
        write_scores(p, bias, head, scores);
        at::softmax_out(scores, scores, -1);
        auto out = mixed.narrow(0, head, 1);
        at::bmm_out(out, scores, p.v.narrow(0, head, 1));
    }
}

/// The class token's row of the softmax of an image, patch columns. Shape: `[heads, L]`.
at::Tensor class_row(const Projections& p, const ScoreBias& bias, std::int64_t prefix) {
    auto scores = at::empty({p.q.size(0), 1, p.k.size(1)}, p.q.options());
    write_scores(p, bias, 0, scores);
    return at::softmax(scores, -1, at::kFloat).select(1, 0).slice(1, prefix);
}

Attended attend_by_head(const AttentionInput& input, bool wants_class_row) {
    const auto batch = input.qkv.size(0);
    const auto tokens = input.qkv.size(1);
    Attended result{at::empty({batch, tokens, input.qkv.size(2) / 3}, input.qkv.options()), {}};
    if (wants_class_row) {
        result.class_row = at::empty({batch, input.heads, tokens - input.prefix},
                                     input.qkv.options().dtype(at::kFloat));
    }
    for (std::int64_t image = 0; image < batch; ++image) {
        const auto parts = by_head(input.qkv[image], input.heads);
        turn(parts, input);
        mix(parts, input.bias, result.mixed[image].view({tokens, input.heads, -1}).transpose(0, 1));
        if (wants_class_row) {
            result.class_row[image].copy_(class_row(parts, input.bias, input.prefix));
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

/// Fused attention has no weights to show: of the class token they are computed by themselves.
/// Shape: `[B, heads, L]`.
at::Tensor class_rows(const Projections& p, const at::Tensor& mask, std::int64_t prefix) {
    const auto row = mask.defined() ? mask.narrow(2, 0, 1) : mask;
    const auto scores = scores_of(p.q.narrow(2, 0, 1), p.k, row);
    return at::softmax(scores, -1, at::kFloat).select(2, 0).slice(2, prefix);
}

Attended attend_at_once(const AttentionInput& input, bool wants_class_row) {
    const auto p = by_image_and_head(input.qkv, input.heads);
    turn(p, input);
    const auto mask = mask_of(input.bias, input.qkv.size(1));
    const auto mixed =
        kHasFusedAttention ? fused_attention(p.q, p.k, p.v, mask) : plain_attention(p, mask);
    Attended result{mixed.transpose(1, 2).reshape({input.qkv.size(0), input.qkv.size(1), -1}), {}};
    if (wants_class_row) { result.class_row = class_rows(p, mask, input.prefix); }
    return result;
}

}  // namespace

Attended attend(const AttentionInput& input, Work work, bool wants_class_row) {
    return work == Work::by_head ? attend_by_head(input, wants_class_row)
                                 : attend_at_once(input, wants_class_row);
}

}  // namespace patchead::inline backbone_detail
