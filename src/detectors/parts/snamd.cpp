#include "parts/snamd.hpp"

#include <algorithm>
#include <cstdlib>

#include "parts/neighbourhood.hpp"
#include "parts/tensors.hpp"

namespace patchead::inline detectors_detail {
namespace {

/// The rows `down` below and `right` beside each, zeros beyond the border.
/// Shape: `maps[n, h, w, C]`.
at::Tensor shifted_rows(const at::Tensor& maps, std::int64_t down, std::int64_t right) {
    auto shifted = at::zeros_like(maps);
    const auto rows = maps.size(1) - std::abs(down);
    const auto cols = maps.size(2) - std::abs(right);
    if (rows <= 0 || cols <= 0) { return shifted; }
    const auto part = [rows, cols](const at::Tensor& whole, std::int64_t top, std::int64_t left) {
        return whole.narrow(1, top, rows).narrow(2, left, cols);
    };
    part(shifted, std::max<std::int64_t>(-down, 0), std::max<std::int64_t>(-right, 0))
        .copy_(part(maps, std::max<std::int64_t>(down, 0), std::max<std::int64_t>(right, 0)));
    return shifted;
}

}  // namespace

at::Tensor similarity_weighted_means(const at::Tensor& tokens, Grid grid,
                                     const std::vector<int>& sides) {
    const auto centre =
        tokens.to(at::kDouble).view({tokens.size(0), grid.rows, grid.cols, tokens.size(2)});
    std::vector<at::Tensor> sums(sides.size(), at::Tensor());
    std::vector<at::Tensor> weights(sides.size(), at::Tensor());
    for (std::size_t s = 0; s < sides.size(); ++s) {
        sums[s] = at::zeros_like(centre);
        weights[s] = at::zeros({tokens.size(0), grid.rows, grid.cols, 1}, at::kDouble);
    }
    const auto add = [&](const at::Tensor& weighted, const at::Tensor& weight, int reach) {
        for (std::size_t s = 0; s < sides.size(); ++s) {
            if (reach > sides[s] / 2) { continue; }
            sums[s].add_(weighted);
            weights[s].add_(weight);
        }
    };
    const int half = *std::ranges::max_element(sides) / 2;
    for (int down = -half; down <= half; ++down) {
        for (int right = -half; right <= half; ++right) {
            const auto near = shifted_rows(centre, down, right);
            const auto weight = (-(near - centre).square().sum(-1, true).sqrt()).exp();
            add(near * weight, weight, std::max(std::abs(down), std::abs(right)));
        }
    }
    at::Tensor mean = at::zeros_like(centre);
    for (std::size_t s = 0; s < sides.size(); ++s) { mean.add_(sums[s] / weights[s]); }
    return mean.div_(static_cast<double>(sides.size())).view_as(tokens);
}

at::Tensor snamd_rows(const LayerTokens& tokens, Grid onto, const std::vector<int>& sides) {
    const auto images = view_of(tokens);
    auto rows = at::empty({images.size(0), onto.size(), images.size(2)}, at::kFloat);
    for (std::int64_t i = 0; i < images.size(0); ++i) {
        const auto means = similarity_weighted_means(images.narrow(0, i, 1), tokens.grid, sides);
        rows[i].copy_(unit_rows(rows_on_grid(means, tokens.grid, onto))[0]);
    }
    return rows;
}

std::size_t salient_layer(std::size_t layers) { return layers > 1 ? layers - 2 : 0; }

at::Tensor salient_rows(const at::Tensor& rows, const at::Tensor& scores) {
    // Sorted, because argmax does not say which of equal ones it takes.
    const auto places = scores.argsort(/*stable=*/true, 1, /*descending=*/true).select(1, 0);
    std::vector<at::Tensor> salient;
    for (std::int64_t i = 0; i < rows.size(0); ++i) {
        salient.push_back(rows[i][places[i].item<std::int64_t>()]);
    }
    return at::stack(salient);
}

}  // namespace patchead::inline detectors_detail
