#include "parts/subspace.hpp"

#include <algorithm>
#include <vector>

#include "parts/maps.hpp"
#include "parts/row_blocks.hpp"

namespace patchead::inline detectors_detail {
namespace {

constexpr std::int64_t kRowsOfSum = 8192;     ///< Taken to double precision at a time.
constexpr std::int64_t kColumnsOfSum = 64;    ///< Of a covariance, made by one thread.
constexpr std::int64_t kRowsOfProduct = 128;  ///< Of patches that are scored by one thread.

/// Calls `take` with all rows in double precision, as many at a time whatever they come in.
template <class Take>
void for_sum_blocks(const RowSource& rows, const Take& take) {
    std::vector<at::Tensor> waiting;
    std::int64_t count = 0;
    const auto flush = [&] {
        if (count == 0) { return; }
        take(waiting.size() == 1 ? waiting.front() : at::cat(waiting));
        waiting.clear();
        count = 0;
    };
    rows([&](const at::Tensor& part) {
        for (std::int64_t begin = 0; begin < part.size(0);) {
            const auto length = std::min(kRowsOfSum - count, part.size(0) - begin);
            waiting.push_back(part.narrow(0, begin, length).to(at::kDouble));
            begin += length;
            count += length;
            if (count == kRowsOfSum) { flush(); }
        }
    });
    flush();
}

at::Tensor covariance_of(const RowSource& rows, std::int64_t count, const at::Tensor& mean) {
    const auto dim = mean.size(0);
    auto sum = at::zeros({dim, dim}, at::kDouble);
    for_sum_blocks(rows, [&](const at::Tensor& part) {
        const auto centred = part - mean;
        for_row_blocks(dim, kColumnsOfSum, [&](std::int64_t begin, std::int64_t end) {
            sum.narrow(0, begin, end - begin)
                .add_(centred.narrow(1, begin, end - begin).t().matmul(centred));
        });
    });
    return sum / static_cast<double>(std::max<std::int64_t>(count - 1, 1));
}

at::Tensor norm_of(const at::Tensor& rows) { return rows.square().sum(-1).sqrt(); }

/// Of some rows.
at::Tensor scores_of_block(const at::Tensor& rows, const Subspace& subspace, SubspaceScore score) {
    const auto centred = rows - subspace.mean;
    auto inside = centred.matmul(subspace.vectors);
    const auto rank = inside.size(1);
    const auto dropped = std::min(subspace.dropped, rank);
    if (score == SubspaceScore::mahalanobis) {
        const auto kept = inside.narrow(1, dropped, rank - dropped);
        const auto variances = subspace.values.narrow(0, dropped, rank - dropped) + subspace.eps;
        return (kept.square() / variances).sum(-1);
    }
    inside.narrow(1, 0, dropped).zero_();
    const auto made = inside.matmul(subspace.vectors.t());
    if (score == SubspaceScore::reconstruction) { return (centred - made).square().sum(-1); }
    const auto whole = made + subspace.mean;
    const auto lengths = (norm_of(rows) + subspace.eps) * (norm_of(whole) + subspace.eps);
    return 1 - ((rows * whole).sum(-1) / lengths).clamp(-1, 1);
}

}  // namespace

at::Tensor mean_over_layers(const at::Tensor& layers) { return layers.to(at::kDouble).mean(0); }

at::Tensor tokens_on_grid(const at::Tensor& tokens, Grid from, Grid to) {
    if (from == to) { return tokens.to(at::kDouble); }
    const auto maps = tokens.transpose(1, 2).reshape({tokens.size(0), -1, from.rows, from.cols});
    return resize_maps(maps, {to.rows, to.cols}).flatten(2).transpose(1, 2).contiguous();
}

Components principal_components(const at::Tensor& rows) {
    return principal_components([&](const auto& take) { take(rows); });
}

Components principal_components(const RowSource& rows) {
    at::Tensor mean;
    std::int64_t count = 0;
    for_sum_blocks(rows, [&](const at::Tensor& part) {
        if (!mean.defined()) { mean = at::zeros({part.size(1)}, at::kDouble); }
        mean += part.sum(0);
        count += part.size(0);
    });
    mean /= static_cast<double>(count);
    const auto covariance = covariance_of(rows, count, mean);
    const SingleThread one_thread;
    const auto [values, vectors] = at::linalg_eigh(covariance);
    return {mean, values.flip(0), vectors.flip(1)};
}

std::int64_t rank_of(const at::Tensor& values, double share) {
    const auto all = values.contiguous();
    const auto* const variances = all.data_ptr<double>();
    const auto total = all.sum().item<double>();
    std::int64_t rank = 1;
    double sum = variances[0];
    while (rank < all.numel() && sum / total < share) { sum += variances[rank++]; }
    return rank;
}

Subspace subspace_of(const Components& components, std::int64_t rank) {
    const auto kept = std::min(rank, components.values.size(0));
    return {components.mean, components.vectors.narrow(1, 0, kept).contiguous(),
            components.values.narrow(0, 0, kept).contiguous()};
}

at::Tensor subspace_scores(const at::Tensor& rows, const Subspace& subspace, SubspaceScore score) {
    auto scores = at::empty({rows.size(0)}, at::kDouble);
    for_row_blocks(rows.size(0), kRowsOfProduct, [&](std::int64_t begin, std::int64_t end) {
        const auto block = rows.narrow(0, begin, end - begin).to(at::kDouble);
        scores.narrow(0, begin, end - begin).copy_(scores_of_block(block, subspace, score));
    });
    return scores;
}

}  // namespace patchead::inline detectors_detail
