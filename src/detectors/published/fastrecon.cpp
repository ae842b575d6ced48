#include "parts/pooled_windows.hpp"
#include "parts/reconstruction.hpp"
#include "parts/smooth_map.hpp"
#include "published/inputs.hpp"

namespace patchead::inline detectors_detail {
namespace {

/// Means of 3x3 patches of maps `[n, C, h, w]`. Shape: `[n, L, C]`.
at::Tensor pooled_maps(const at::Tensor& maps) {
    return neighbourhood_patches({patches_of_map(maps)}, 3, maps.size(1), maps.size(1));
}

}  // namespace

NamedTensors run_fastrecon(const Inputs& inputs) {
    const auto grid = inputs.grid();
    const double lambda = inputs.parameters.at("lambda").get<double>();
    const auto references = pooled_maps(inputs.get("reference_features"));
    const auto queries = pooled_maps(inputs.get("query_features"));
    const auto mean = references.to(at::kDouble).mean(0);
    const auto coreset = references.flatten(0, 1).index_select(0, inputs.rows("coreset_indices"));
    const auto reconstruction = Reconstruction(mean, coreset, lambda).of(queries);
    const auto score = (queries - reconstruction).square().sum(-1).sqrt();
    const auto maps = score.view({-1, grid.rows, grid.cols});
    Outputs outputs;
    outputs.add("coreset", coreset);
    outputs.add("mu", mean);
    outputs.add("W", reconstruction.matmul(at::linalg_pinv(coreset.to(at::kDouble))));
    outputs.add("reconstruction", reconstruction);
    outputs.add("patch_map", maps);
    outputs.add("map", smooth_map(maps, inputs.size("map_size"),
                                  inputs.parameters.at("sigma").get<double>()));
    outputs.add("image_score", score.amax(1));
    return outputs.take();
}

}  // namespace patchead::inline detectors_detail
