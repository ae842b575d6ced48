#include "parts/gaussians.hpp"
#include "parts/layer_patches.hpp"
#include "parts/maps.hpp"
#include "parts/smooth_map.hpp"
#include "published/numbered.hpp"

namespace patchead::inline detectors_detail {
namespace {

at::Tensor min_max_of_all(const at::Tensor& maps) {
    return (maps - maps.min()) / (maps.max() - maps.min());
}

at::Tensor highest(const at::Tensor& maps) { return maps.flatten(1).amax(1); }

}  // namespace

NamedTensors run_padim(const Inputs& inputs) {
    const auto& parameters = inputs.parameters;
    std::vector<LayerPatches> layers;
    for (const auto& map : numbered(inputs, "features")) { layers.push_back(patches_of_map(map)); }
    const auto grid = layers.front().grid;
    const auto channels = inputs.rows("channels");
    const auto* const first = channels.data_ptr<std::int64_t>();
    const auto embedding = side_by_side(layers, {first, first + channels.numel()});
    const auto count = parameters.at("references").get<std::int64_t>();
    const auto references = embedding.narrow(0, 0, count);
    const auto queries = embedding.narrow(0, count, embedding.size(0) - count);
    const auto size = inputs.size("map_size");
    const double sigma = parameters.at("sigma").get<double>();
    const double regulariser = parameters.at("regulariser").get<double>();
    const auto distances = [&](const PositionGaussians& gaussians) {
        return mahalanobis(gaussians, queries).view({-1, grid.rows, grid.cols});
    };
    const auto gaussians = fit_gaussians(references, regulariser);
    const auto distance = distances(gaussians);
    const auto map = smooth_map(distance, size, sigma);
    Outputs outputs;
    outputs.add("embedding", embedding);
    outputs.add("mean", gaussians.mean);
    outputs.add("covariance", covariances(gaussians));
    outputs.add("distance_grid", distance);
    outputs.add("map", map);
    outputs.add("image_max", highest(map));
    outputs.add("image_score_minmax", highest(min_max_of_all(map)));
    if (count > 1) {  // anomalib's covariance of one reference is undefined.
        const double extra = parameters.at("anomalib_extra").get<double>();
        const auto other = distances(fit_gaussians(references, regulariser + extra));
        const auto kernel = gauss_kernel(sigma, static_cast<std::int64_t>(4 * sigma + 0.5));
        const auto blurred = blur(resize_maps(other, size), kernel, BlurBorder::mirror);
        outputs.add("anomalib.distance_grid", other);
        outputs.add("anomalib.map", blurred);
        outputs.add("anomalib.image_score", highest(blurred));
    }
    return outputs.take();
}

}  // namespace patchead::inline detectors_detail
