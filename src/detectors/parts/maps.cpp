#include "parts/maps.hpp"

#include <algorithm>
#include <cmath>

namespace patchead::inline detectors_detail {
namespace {

/// The place in 0..n-1 that stands for place `i`, which may lie outside.
std::int64_t folded(std::int64_t i, std::int64_t n, BlurBorder border) {
    if (n == 1) { return 0; }
    const std::int64_t period = border == BlurBorder::edge ? 2 * n : 2 * n - 2;
    const auto inside = (i % period + period) % period;
    return inside < n ? inside : period - (border == BlurBorder::edge ? 1 : 0) - inside;
}

/// Blurs an axis of n pixels as a product with this. Shape: `[n, n]`.
at::Tensor blur_matrix(const std::vector<double>& kernel, std::int64_t n, BlurBorder border) {
    auto matrix = at::zeros({n, n}, at::kDouble);
    auto values = matrix.accessor<double, 2>();
    const auto radius = static_cast<std::int64_t>(kernel.size()) / 2;
    for (std::int64_t to = 0; to < n; ++to) {
        for (std::int64_t offset = -radius; offset <= radius; ++offset) {
            const auto from = to + offset;
            if (border == BlurBorder::zero && (from < 0 || from >= n)) { continue; }
            values[to][folded(from, n, border)] +=
                kernel[static_cast<std::size_t>(offset + radius)];
        }
    }
    return matrix;
}

double source_of(std::int64_t to, std::int64_t from_size, std::int64_t to_size,
                 Interpolation interpolation) {
    const auto n = static_cast<double>(from_size);
    const auto m = static_cast<double>(to_size);
    const auto i = static_cast<double>(to);
    if (interpolation == Interpolation::nearest) {
        return static_cast<double>(to * from_size / to_size);
    }
    if (interpolation == Interpolation::bilinear_align_corners) {
        return to_size > 1 ? i * ((n - 1) / (m - 1)) : 0;
    }
    return std::max((i + 0.5) * (n / m) - 0.5, 0.0);
}

/// Brings an axis of `from` patches to `to` pixels as a product with this. Shape: `[to, from]`.
at::Tensor resize_matrix(std::int64_t from, std::int64_t to, Interpolation interpolation) {
    auto matrix = at::zeros({to, from}, at::kDouble);
    auto values = matrix.accessor<double, 2>();
    for (std::int64_t i = 0; i < to; ++i) {
        const double source = source_of(i, from, to, interpolation);
        const auto low = std::min(static_cast<std::int64_t>(source), from - 1);
        const double weight = source - static_cast<double>(low);
        values[i][low] += 1 - weight;
        values[i][std::min(low + 1, from - 1)] += weight;
    }
    return matrix;
}

/// `rows` over the last axis but one, `cols` over the last.
at::Tensor apply(const at::Tensor& rows, const at::Tensor& cols, const at::Tensor& maps) {
    return rows.matmul(maps.to(at::kDouble).matmul(cols.t()));
}

}  // namespace

at::Tensor resize_maps(const at::Tensor& maps, MapSize size, Interpolation interpolation) {
    return apply(resize_matrix(maps.size(-2), size.height, interpolation),
                 resize_matrix(maps.size(-1), size.width, interpolation), maps);
}

std::vector<double> gauss_kernel(double sigma, std::int64_t radius) {
    std::vector<double> kernel;
    double sum = 0;
    for (std::int64_t x = -radius; x <= radius; ++x) {
        kernel.push_back(std::exp(-0.5 * std::pow(static_cast<double>(x) / sigma, 2)));
        sum += kernel.back();
    }
    for (double& value : kernel) { value /= sum; }
    return kernel;
}

at::Tensor blur(const at::Tensor& maps, const std::vector<double>& kernel, BlurBorder border) {
    return apply(blur_matrix(kernel, maps.size(-2), border),
                 blur_matrix(kernel, maps.size(-1), border), maps);
}

}  // namespace patchead::inline detectors_detail
