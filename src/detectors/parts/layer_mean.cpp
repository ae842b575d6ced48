#include "parts/layer_mean.hpp"

#include <algorithm>

#include "parts/neighbourhood.hpp"
#include "parts/tensors.hpp"

namespace patchead::inline detectors_detail {

at::Tensor mean_of_layers(const DetectorImages& images) {
    const auto& layers = images.layers;
    const auto grid = layers.front().grid;
    const auto channels = std::ranges::min(layers, {}, &LayerTokens::dim).dim;
    at::Tensor sum;
    for (const auto& layer : layers) {
        auto rows = rows_on_grid(view_of(layer), layer.grid, grid);
        if (layer.dim != channels) { rows = at::adaptive_avg_pool1d(rows, channels); }
        sum = sum.defined() ? sum + rows : rows;
    }
    return sum / static_cast<double>(layers.size());
}

}  // namespace patchead::inline detectors_detail
