#include "parts/pooled_windows.hpp"

#include <algorithm>
#include <span>

#include "parts/maps.hpp"

namespace patchead::inline detectors_detail {
namespace {

/// Means of neighbouring values, so that `to.size()` are left.
void pool_values(std::span<const double> from, std::span<double> to) {
    const auto n = from.size();
    const auto m = to.size();
    for (std::size_t i = 0; i < m; ++i) {
        const auto begin = i * n / m;
        const auto end = ((i + 1) * n + m - 1) / m;
        double sum = 0;
        for (auto at = begin; at < end; ++at) { sum += from[at]; }
        to[i] = sum / static_cast<double>(end - begin);
    }
}

/// One image of a layer.
struct ImagePatches {
    Grid grid;
    std::int64_t channels;
    const float* values;
};

/// The window about a patch, in the order channel, row, column.
void take_window(const ImagePatches& image, int row, int col, int side, std::span<double> window) {
    std::ranges::fill(window, 0.0);
    const auto step = static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
    std::size_t place = 0;
    for (int r = row - side / 2; r <= row + side / 2; ++r) {
        for (int c = col - side / 2; c <= col + side / 2; ++c, ++place) {
            if (r < 0 || c < 0 || r >= image.grid.rows || c >= image.grid.cols) { continue; }
            const auto* const from =
                image.values + std::int64_t{r * image.grid.cols + c} * image.channels;
            for (std::int64_t channel = 0; channel < image.channels; ++channel) {
                window[static_cast<std::size_t>(channel) * step + place] = from[channel];
            }
        }
    }
}

/// Shape: `[L, layer_dim]`, double.
at::Tensor pooled_windows(const ImagePatches& image, int side, std::int64_t layer_dim) {
    auto result = at::empty({image.grid.size(), layer_dim}, at::kDouble);
    auto* const to = result.data_ptr<double>();
#pragma omp parallel
    {
        std::vector<double> window(static_cast<std::size_t>(image.channels * side * side));
#pragma omp for
        for (int patch = 0; patch < image.grid.size(); ++patch) {
            take_window(image, patch / image.grid.cols, patch % image.grid.cols, side, window);
            pool_values(window, {to + patch * layer_dim, static_cast<std::size_t>(layer_dim)});
        }
    }
    return result;
}

/// `patches[L, C]` on another grid.
at::Tensor on_grid(const at::Tensor& patches, Grid from, Grid to) {
    if (from == to) { return patches; }
    const auto maps = patches.t().reshape({-1, from.rows, from.cols});
    return resize_maps(maps, {to.rows, to.cols}).flatten(1).t();
}

}  // namespace

at::Tensor neighbourhood_patches(const std::vector<LayerPatches>& layers, int patch_size,
                                 std::int64_t layer_dim, std::int64_t dim) {
    const auto grid = layers.front().grid;
    const auto images = layers.front().patches.size(0);
    auto result = at::empty({images, grid.size(), dim}, at::kFloat);
    for (std::int64_t image = 0; image < images; ++image) {
        std::vector<at::Tensor> parts;
        for (const auto& layer : layers) {
            const auto patches = layer.patches[image].contiguous();
            const auto pooled = pooled_windows(
                {layer.grid, patches.size(1), patches.data_ptr<float>()}, patch_size, layer_dim);
            parts.push_back(on_grid(pooled, layer.grid, grid));
        }
        const auto joined = at::cat(parts, 1).contiguous();
        const auto* const from = joined.data_ptr<double>();
        const auto width = static_cast<std::size_t>(joined.size(1));
        std::vector<double> values(static_cast<std::size_t>(dim));
        for (std::size_t patch = 0; patch < static_cast<std::size_t>(grid.size()); ++patch) {
            pool_values({from + patch * width, width}, values);
            std::ranges::transform(
                values,
                result.data_ptr<float>() +
                    (static_cast<std::size_t>(image * grid.size()) + patch) * values.size(),
                [](double value) { return static_cast<float>(value); });
        }
    }
    return result;
}

}  // namespace patchead::inline detectors_detail
