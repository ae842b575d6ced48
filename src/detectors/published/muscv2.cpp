#include "parts/maps.hpp"
#include "parts/musc_scores.hpp"
#include "parts/mutual.hpp"
#include "parts/rescoring.hpp"
#include "parts/snamd.hpp"
#include "parts/tensors.hpp"
#include "patchead/core/error.hpp"
#include "published/inputs.hpp"

namespace patchead::inline detectors_detail {

NamedTensors run_muscv2(const Inputs& inputs) {
    const auto grid = inputs.grid();
    const auto sides = inputs.parameters.at("r_list").get<std::vector<int>>();
    const auto k_list = inputs.parameters.at("k_list").get<std::vector<int>>();
    const auto tokens = inputs.list("tokens");
    const auto count =
        mutual_count(tokens.front().size(0), inputs.parameters.at("msm_share").get<double>());
    Outputs outputs;
    std::vector<at::Tensor> means;
    std::vector<at::Tensor> scores;
    for (const auto& layer : tokens) {
        const auto patches = layer.narrow(1, 1, layer.size(1) - 1);  // The class token goes.
        means.push_back(similarity_weighted_means(patches, grid, sides));
        const auto rows = unit_rows(means.back()).to(at::kFloat);
        scores.push_back(mutual_scores(rows, grid, {1}, count)[0]);
    }
    const auto snamd = at::stack(means);
    const auto mutual = at::stack(scores);
    const auto patches = mutual.mean(0);
    outputs.add("snamd", snamd);
    outputs.add("z", unit_rows(snamd));
    outputs.add("msm", mutual);
    outputs.add("patch_map", patches);
    const auto map = resize_maps(patches.view({-1, grid.rows, grid.cols}),
                                 inputs.size("image_size"), Interpolation::bilinear_align_corners);
    const auto highest = map.flatten(1).amax(1);
    outputs.add("map", map);
    outputs.add("image_max", highest);
    const auto layer = inputs.parameters.value(
        "salient_layer", static_cast<std::int64_t>(salient_layer(tokens.size())));
    const auto salient = salient_rows(unit_rows(snamd)[layer], patches);
    outputs.add("salient_feature", salient);
    const auto scaled = min_max_scaled(highest);
    // The source names what it has after each k of the list.
    std::string name = "rscon";
    for (std::size_t n = 1; n <= k_list.size(); ++n) {
        name += concat("_k", k_list[n - 1]);
        const std::vector<int> so_far(k_list.begin(), k_list.begin() + static_cast<long>(n));
        outputs.add(name, rescored_mean(scaled, salient, so_far));
    }
    outputs.add("image_score", rescored_mean(scaled, salient, k_list));
    return outputs.take();
}

}  // namespace patchead::inline detectors_detail
