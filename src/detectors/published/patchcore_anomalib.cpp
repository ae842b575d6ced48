#include "parts/coreset.hpp"
#include "parts/maps.hpp"
#include "parts/memory_scores.hpp"
#include "published/inputs.hpp"

namespace patchead::inline detectors_detail {

NamedTensors run_patchcore_anomalib(const Inputs& inputs) {
    const auto grid = inputs.grid();
    const auto embedding = inputs.get("embedding");
    const auto memory = inputs.get("memory");
    const auto b = inputs.parameters.at("b").get<std::int64_t>();
    std::vector<at::Tensor> scores;
    std::vector<at::Tensor> rows;
    std::vector<double> images;
    for (const auto& patches : embedding.unbind(0)) {
        const auto neighbours = nearest(patches, memory);
        scores.push_back(mean_of_nearest(neighbours, 1).sqrt());
        rows.push_back(neighbours.rows.select(1, 0));
        const auto plain = scores.back().max().item<double>();
        images.push_back(b == 1 ? plain : reweighted_score(patches, neighbours, memory, b));
    }
    const auto patch_score = at::stack(scores);
    const auto projection = inputs.get("projected");
    const auto chosen = coreset_from(
        projection, inputs.rows("start_point").item<std::int64_t>(),
        share_of(projection.size(0), inputs.parameters.at("coreset_share").get<double>()));
    const auto map = resize_maps(patch_score.view({-1, grid.rows, grid.cols}),
                                 inputs.size("map_size"), Interpolation::nearest);
    Outputs outputs;
    outputs.add("patch_score", patch_score);
    outputs.add("nearest", at::stack(rows));
    outputs.add("image_score_reweighted", at::tensor(images, at::kDouble));
    outputs.add("image_score_b1", patch_score.amax(1));
    outputs.add("coreset_indices", at::tensor(chosen, at::kLong));
    outputs.add("map", blur(map, gauss_kernel(4, 16), BlurBorder::mirror));
    return outputs.take();
}

}  // namespace patchead::inline detectors_detail
