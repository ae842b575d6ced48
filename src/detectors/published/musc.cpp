#include "parts/lnamd.hpp"
#include "parts/maps.hpp"
#include "parts/musc_scores.hpp"
#include "parts/mutual.hpp"
#include "parts/neighbourhood.hpp"
#include "parts/rescoring.hpp"
#include "parts/tensors.hpp"
#include "published/inputs.hpp"

namespace patchead::inline detectors_detail {
namespace {

/// Means of the windows of each side. Shape: `rows[N, L, C]` to `[r, N, L, C]`.
at::Tensor window_means(const at::Tensor& rows, Grid grid, const std::vector<int>& sides) {
    std::vector<at::Tensor> means;
    for (const int side : sides) { means.push_back(window_sums(rows, grid, side) / (side * side)); }
    return at::stack(means);
}

}  // namespace

NamedTensors run_musc(const Inputs& inputs) {
    const auto grid = inputs.grid();
    const auto sides = inputs.parameters.at("r_list").get<std::vector<int>>();
    const auto k_list = inputs.parameters.at("k_list").get<std::vector<int>>();
    auto vectors = inputs.get("image_embedding");
    const auto count =
        mutual_count(vectors.size(0), inputs.parameters.at("msm_share").get<double>());
    Outputs outputs;
    std::vector<at::Tensor> means;
    std::vector<at::Tensor> scores;
    for (const auto& layer : inputs.list("tokens")) {
        const auto patches =
            layer.narrow(1, 1, layer.size(1) - 1).to(at::kFloat);  // No class token.
        means.push_back(window_means(joint_layer_norm(patches), grid, sides));
        scores.push_back(lnamd_scores(patches, grid, grid, sides, count));
    }
    const auto lnamd = at::stack(means, 1);
    const auto mutual = at::stack(scores, 1);
    outputs.add("lnamd", lnamd);
    outputs.add("z", unit_rows(lnamd));
    outputs.add("msm", mutual);
    const auto patches = mutual.mean(1).mean(0);
    outputs.add("patch_map", patches);
    const auto map = resize_maps(patches.view({-1, 1, grid.rows, grid.cols}),
                                 inputs.size("image_size"), Interpolation::bilinear_align_corners);
    const auto highest = map.flatten(1).amax(1);
    outputs.add("map", map);
    outputs.add("image_max", highest);
    if (inputs.parameters.value("normalise_image_embedding", true)) {
        vectors = unit_rows(vectors);
        outputs.add("image_embedding_normalised", vectors);
    }
    const auto scaled = min_max_scaled(highest);
    std::vector<at::Tensor> of_k;
    for (const int k : k_list) { of_k.push_back(rescored(scaled, vectors, k)); }
    outputs.add("rscin_per_k", at::stack(of_k));
    outputs.add("image_score", rescored_mean(scaled, vectors, k_list));
    return outputs.take();
}

}  // namespace patchead::inline detectors_detail
