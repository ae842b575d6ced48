#include "vit/pooling.hpp"

#include <ATen/ATen.h>

namespace patchead::inline backbone_detail {

Pooled pool(const Pooling& pooling, const at::Tensor& tokens) {
    const auto batch = tokens.size(0);
    const auto heads = pooling.query.size(0);
    const auto rows = tokens.reshape({-1, tokens.size(2)});
    /// Shape: `[B, heads, N, d]`.
    const auto by_head = [&](const Linear& linear) {
        return apply(linear, rows).view({batch, tokens.size(1), heads, -1}).transpose(1, 2);
    };
    const auto scores = at::matmul(by_head(pooling.keys), pooling.query.unsqueeze(-1)).squeeze(-1);
    const auto attention = at::softmax(scores, -1, at::kFloat);
    const auto weights = attention.to(tokens.scalar_type()).unsqueeze(2);
    const auto mixed = at::matmul(weights, by_head(pooling.values)).reshape({batch, -1});
    auto token = apply(pooling.proj, mixed);
    add_transformed(token, pooling.mlp, normalise(token, pooling.norm));
    return {token, attention};
}

}  // namespace patchead::inline backbone_detail
