#include "parts/coreset.hpp"
#include "parts/memory_scores.hpp"
#include "parts/pooled_windows.hpp"
#include "parts/smooth_map.hpp"
#include "published/numbered.hpp"

namespace patchead::inline detectors_detail {
namespace {

constexpr std::int64_t kMostNeighbours = 9;  // A fixture has the scores of some k up to this.

std::vector<std::int64_t> to_indices(const at::Tensor& rows) {
    const auto* const begin = rows.data_ptr<std::int64_t>();
    return {begin, begin + rows.numel()};
}

}  // namespace

NamedTensors run_patchcore(const Inputs& inputs) {
    const auto& parameters = inputs.parameters;
    std::vector<LayerPatches> layers;
    for (const auto& map : numbered(inputs, "features")) { layers.push_back(patches_of_map(map)); }
    const auto grid = layers.front().grid;
    const auto dim = parameters.at("target_embed_dimension").get<std::int64_t>();
    const auto embedding =
        neighbourhood_patches(layers, parameters.at("patchsize").get<int>(),
                              parameters.at("pretrain_embed_dimension").get<std::int64_t>(), dim);
    const auto references = parameters.at("references").get<std::int64_t>();
    const auto rows = embedding.narrow(0, 0, references).reshape({-1, dim});
    const auto reduced =
        inputs.has("projection") ? projected(rows, inputs.get("projection")) : rows;
    const auto chosen =
        coreset_around(reduced, to_indices(inputs.rows("start_points")),
                       share_of(rows.size(0), parameters.at("coreset_share").get<double>()));
    const auto indices = at::tensor(chosen, at::kLong);
    const auto memory = rows.index_select(0, indices);
    const auto queries = embedding.narrow(0, references, embedding.size(0) - references);
    const auto neighbours =
        nearest(queries.reshape({-1, dim}), memory, std::min(kMostNeighbours, memory.size(0)));
    Outputs outputs;
    outputs.add("embedding", embedding);
    outputs.add("reduced", reduced);
    outputs.add("coreset_indices", indices);
    outputs.add("memory", memory);
    for (std::int64_t k = 1; k <= kMostNeighbours; ++k) {
        const auto scores = mean_of_nearest(neighbours, k).view({-1, grid.rows, grid.cols});
        outputs.add(concat("patch_score_k", k), scores);
        outputs.add(concat("image_score_k", k), scores.flatten(1).amax(1));
        outputs.add(concat("map_k", k), smooth_map(scores, inputs.size("map_size"),
                                                   parameters.at("sigma").get<double>()));
    }
    return outputs.take();
}

}  // namespace patchead::inline detectors_detail
