#include "parts/layer_patches.hpp"

#include "parts/tensors.hpp"
#include "patchead/core/error.hpp"

namespace patchead::inline detectors_detail {
namespace {

/// Which patch of `from` each patch of `to` shows.
at::Tensor shown_patches(Grid from, Grid to) {
    std::vector<std::int64_t> places;
    for (int row = 0; row < to.rows; ++row) {
        for (int col = 0; col < to.cols; ++col) {
            places.push_back(row * from.rows / to.rows * from.cols + col * from.cols / to.cols);
        }
    }
    return at::tensor(places, at::kLong);
}

at::Tensor shown_on(const LayerPatches& layer, Grid grid) {
    if (layer.grid == grid) { return layer.patches; }
    return layer.patches.index_select(1, shown_patches(layer.grid, grid));
}

}  // namespace

std::vector<LayerPatches> layers_of(const DetectorImages& images) {
    require<DataError>(!images.ids.empty() && !images.layers.empty(),
                       "there are no images (a detector needs one at least); give more");
    std::vector<LayerPatches> layers;
    for (const auto& layer : images.layers) {
        layers.push_back({layer.grid, view_of(layer)});
        require<DataError>(
            layers.back().patches.size(0) == static_cast<std::int64_t>(images.images()),
            "a layer has the patches of ", layers.back().patches.size(0), " images, there are ",
            images.images(), " (what the network gave is incomplete); embed them again");
    }
    return layers;
}

std::vector<LayerPatches> image_of(const std::vector<LayerPatches>& layers, std::int64_t image) {
    auto one = layers;
    for (auto& layer : one) { layer.patches = layer.patches.narrow(0, image, 1); }
    return one;
}

LayerPatches patches_of_map(const at::Tensor& map) {
    return {{static_cast<int>(map.size(2)), static_cast<int>(map.size(3))},
            map.flatten(2).transpose(1, 2).to(at::kFloat)};
}

std::int64_t channels_of(const std::vector<LayerPatches>& layers) {
    std::int64_t sum = 0;
    for (const auto& layer : layers) { sum += layer.patches.size(2); }
    return sum;
}

at::Tensor side_by_side(const std::vector<LayerPatches>& layers) {
    std::vector<at::Tensor> parts;
    parts.reserve(layers.size());
    for (const auto& layer : layers) {
        parts.push_back(shown_on(layer, layers.front().grid).to(at::kFloat));
    }
    return at::cat(parts, 2);
}

at::Tensor side_by_side(const std::vector<LayerPatches>& layers,
                        const std::vector<std::int64_t>& channels) {
    const auto grid = layers.front().grid;
    auto result = at::empty(
        {layers.front().patches.size(0), grid.size(), static_cast<std::int64_t>(channels.size())},
        at::kFloat);
    std::int64_t first = 0;
    for (const auto& layer : layers) {
        std::vector<std::int64_t> from;
        std::vector<std::int64_t> to;
        for (std::size_t i = 0; i < channels.size(); ++i) {
            if (channels[i] < first || channels[i] >= first + layer.patches.size(2)) { continue; }
            from.push_back(channels[i] - first);
            to.push_back(static_cast<std::int64_t>(i));
        }
        const auto some = layer.patches.index_select(2, at::tensor(from, at::kLong));
        result.index_copy_(2, at::tensor(to, at::kLong),
                           shown_on({layer.grid, some}, grid).to(at::kFloat));
        first += layer.patches.size(2);
    }
    return result;
}

}  // namespace patchead::inline detectors_detail
