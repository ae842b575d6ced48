#include "parts/knn_scores.hpp"
#include "parts/maps.hpp"
#include "parts/masked.hpp"
#include "parts/tensors.hpp"
#include "patchead/core/error.hpp"
#include "published/inputs.hpp"

namespace patchead::inline detectors_detail {

NamedTensors run_anomalydino_fewshot(const Inputs& inputs) {
    const auto& parameters = inputs.parameters;
    const auto grid = inputs.grid();
    const auto metric =
        parameters.at("metric").get<std::string>() == "L2" ? PatchMetric::l2 : PatchMetric::cosine;
    const auto k = parameters.at("k_nn").get<std::int64_t>();
    const auto sigma = parameters.at("sigma").get<double>();
    const auto memory = rows_for(metric, inputs.get("references"));
    const auto queries = inputs.get("queries");
    const auto masks = inputs.get("masks").flatten(1) > 0;
    std::vector<at::Tensor> scores;
    auto images = at::empty({queries.size(0)}, at::kDouble);
    for (std::int64_t i = 0; i < queries.size(0); ++i) {
        scores.push_back(scores_inside(queries[i], masks[i], [&](const at::Tensor& rows) {
            return mean_knn_distance(rows_for(metric, rows), memory, k, metric);
        }));
        images[i] = top_share_score(scores.back(), 0.01);
    }
    const auto patch_map = at::stack(scores).view({-1, grid.rows, grid.cols});
    Outputs outputs;
    outputs.add("patch_map", patch_map);
    outputs.add("image_score", images);
    outputs.add("map", blur(resize_maps(patch_map, inputs.size("map_size")),
                            gauss_kernel(sigma, static_cast<std::int64_t>(4 * sigma + 0.5)),
                            BlurBorder::edge));
    return outputs.take();
}

}  // namespace patchead::inline detectors_detail
