#include "vit/relative_bias.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <ATen/ATen.h>

namespace patchead::inline backbone_detail {
namespace {

/// Ratio q of the geometric series 1, q, q^2, ... whose `terms` terms add up to `sum`, bisected
/// as upstream does it, down to what its last step leaves.
double series_ratio(int terms, int sum) {
    double low = 1.01;
    double high = 1.5;
    double q = low;
    while (high - low > 1e-6) {
        q = (low + high) / 2;
        const bool too_far = (1 - std::pow(q, terms)) / (1 - q) > sum;
        (too_far ? high : low) = q;
    }
    return q;
}

/// Where the displacements of a table of `source` (odd) rows lie among `target` integer ones:
/// dense around zero.
std::vector<double> displacements(int source, int target) {
    const int half = source / 2;
    const double q = series_ratio(half, target / 2);
    std::vector<double> result(static_cast<std::size_t>(source), 0.0);
    double reach = 0;
    for (int i = 0; i < half; ++i) {
        reach += std::pow(q, i);
        result[static_cast<std::size_t>(half + 1 + i)] = reach;
        result[static_cast<std::size_t>(half - 1 - i)] = -reach;
    }
    return result;
}

/// The interval of `knots` that `x`, clamped to their range, lies in, and how far in it.
struct KnotPlace {
    std::int64_t knot;
    double width;
    double share;
};

KnotPlace locate(const std::vector<double>& knots, double x) {
    x = std::clamp(x, knots.front(), knots.back());
    const auto after = std::upper_bound(knots.begin(), knots.end() - 1, x);
    const auto knot = std::max<std::ptrdiff_t>(after - knots.begin() - 1, 0);
    const auto i = std::min(static_cast<std::size_t>(knot), knots.size() - 2);
    const double width = knots[i + 1] - knots[i];
    return {static_cast<std::int64_t>(i), width, (x - knots[i]) / width};
}

/// Second derivatives of the not-a-knot cubic spline as a matrix that acts on its values.
/// Shape: `[n, n]`.
at::Tensor curvature(const std::vector<double>& knots) {
    const auto n = static_cast<std::int64_t>(knots.size());
    const auto left = at::zeros({n, n}, at::kDouble);
    const auto right = at::zeros({n, n}, at::kDouble);
    auto a = left.accessor<double, 2>();
    auto b = right.accessor<double, 2>();
    const auto h = [&](std::int64_t i) {
        const auto at = static_cast<std::size_t>(i);
        return knots[at + 1] - knots[at];
    };
    for (std::int64_t i = 1; i + 1 < n; ++i) {
        a[i][i - 1] = h(i - 1);
        a[i][i] = 2 * (h(i - 1) + h(i));
        a[i][i + 1] = h(i);
        b[i][i - 1] = 6 / h(i - 1);
        b[i][i] = -6 / h(i - 1) - 6 / h(i);
        b[i][i + 1] = 6 / h(i);
    }
    const auto end = [&](std::int64_t row, std::int64_t step, double near, double far) {
        a[row][row] = far;
        a[row][row + step] = -(near + far);
        a[row][row + 2 * step] = near;
    };
    end(0, 1, h(0), h(1));
    end(n - 1, -1, h(n - 2), h(n - 3));
    return at::linalg_solve(left, right);
}

/// Interpolation from `source` to `target` displacements. Shape: `[target, source]`.
at::Tensor resampling(int source, int target, bool spline) {
    const auto knots = displacements(source, target);
    const auto bend = spline ? curvature(knots) : at::Tensor();
    const auto matrix = at::zeros({target, source}, at::kDouble);
    for (int row = 0; row < target; ++row) {
        const auto [knot, width, share] = locate(knots, row - target / 2);
        auto weights = matrix[row];
        weights[knot] += 1 - share;
        weights[knot + 1] += share;
        if (!spline) { continue; }
        const auto term = [&](double t) { return (t * t * t - t) * width * width / 6; };
        weights += term(1 - share) * bend[knot] + term(share) * bend[knot + 1];
    }
    return matrix;
}

/// Shape: `map[source, source, heads]` to `[rows, cols, heads]`.
at::Tensor resize_map(const at::Tensor& map, int rows, int cols, BiasResize resize) {
    const auto source = static_cast<int>(map.size(0));
    if (rows == source && cols == source) { return map; }
    if (resize == BiasResize::bilinear) {
        const std::array<std::int64_t, 2> size{rows, cols};
        const auto picture = map.permute({2, 0, 1}).unsqueeze(0).contiguous();
        return at::upsample_bilinear2d(picture, size, false)[0].permute({1, 2, 0});
    }
    // A spline needs four knots.
    const bool spline = resize == BiasResize::spline && source > 3;
    const auto down = resampling(source, rows, spline);
    const auto across = resampling(source, cols, spline);
    return at::einsum("oi,pj,ijh->oph", {down, across, map});
}

}  // namespace

at::Tensor resize_bias(const at::Tensor& table, int side, Grid grid, BiasResize resize) {
    const std::int64_t span = 2 * std::int64_t{side} - 1;
    const auto map = table.narrow(0, 0, span * span).to(at::kDouble).view({span, span, -1});
    const auto resized = resize_map(map, 2 * grid.rows - 1, 2 * grid.cols - 1, resize);
    const auto patches = resized.reshape({-1, table.size(1)}).to(at::kFloat);
    return at::cat({patches, table.slice(0, span * span)}).t().contiguous();
}

at::Tensor bias_index(Grid grid) {
    const auto patches = std::int64_t{grid.size()};
    const std::int64_t rows = grid.rows;
    const std::int64_t cols = grid.cols;
    const std::int64_t first_of_class = (2 * rows - 1) * (2 * cols - 1);
    const auto index = at::empty({1 + patches, 1 + patches}, at::kLong);
    index.select(0, 0).fill_(first_of_class);
    index.select(1, 0).fill_(first_of_class + 1);
    index[0][0] = first_of_class + 2;
    auto at = index.accessor<std::int64_t, 2>();
    for (std::int64_t query = 0; query < patches; ++query) {
        for (std::int64_t key = 0; key < patches; ++key) {
            const auto dy = query / cols - key / cols + rows - 1;
            const auto dx = query % cols - key % cols + cols - 1;
            at[1 + query][1 + key] = dy * (2 * cols - 1) + dx;
        }
    }
    return index.flatten();
}

}  // namespace patchead::inline backbone_detail
