#include "parts/maps.hpp"
#include "parts/masked.hpp"
#include "parts/subspace.hpp"
#include "published/inputs.hpp"

namespace patchead::inline detectors_detail {
namespace {

/// A fixed rank, or one by explained variance.
std::int64_t published_rank(const nlohmann::json& parameters, const Components& components) {
    const auto& rank = parameters.at("k");
    if (rank.is_number() && rank.get<std::int64_t>() > 0) {
        return std::min(rank.get<std::int64_t>(), components.values.size(0));
    }
    return rank_of(components.values, parameters.at("explained_variance").get<double>());
}

}  // namespace

NamedTensors run_subspacead(const Inputs& inputs) {
    const auto& parameters = inputs.parameters;
    const auto grid = inputs.grid();
    const auto references = mean_over_layers(inputs.get("reference_layers"));
    const auto queries = mean_over_layers(inputs.get("query_layers"));
    const auto rows_of = [](const at::Tensor& tokens) { return tokens.flatten(0, 1); };
    const auto components = principal_components(rows_of(references));
    auto subspace = subspace_of(components, published_rank(parameters, components));
    subspace.dropped = parameters.value("drop_k", std::int64_t{0});
    subspace.eps = parameters.at("eps").get<double>();
    const auto map_of = [&](SubspaceScore score) {
        return subspace_scores(rows_of(queries), subspace, score).view({-1, grid.rows, grid.cols});
    };
    const auto score_map = map_of(SubspaceScore::reconstruction);
    const auto flat = resize_maps(score_map, inputs.size("map_size"));
    const auto kernel = gauss_kernel(parameters.at("blur_sigma").get<double>(),
                                     parameters.at("blur_kernel").get<std::int64_t>() / 2);
    const auto map = blur(flat, kernel, BlurBorder::mirror);
    auto images = at::empty({map.size(0)}, at::kDouble);
    for (std::int64_t i = 0; i < map.size(0); ++i) {
        images[i] = top_share_score(map[i], parameters.at("top_share").get<double>());
    }
    Outputs outputs;
    outputs.add("reference_mean_layers", references);
    outputs.add("query_mean_layers", queries);
    outputs.add("mu", components.mean);
    outputs.add("eigenvalues_all", components.values);
    outputs.add("rank", at::full({1}, subspace.vectors.size(1), at::kLong));
    outputs.add("projector", subspace.vectors.matmul(subspace.vectors.t()));
    outputs.add("score_map", score_map);
    outputs.add("mahalanobis_map", map_of(SubspaceScore::mahalanobis));
    outputs.add("cosine_map", map_of(SubspaceScore::cosine));
    outputs.add("map_before_blur", flat);
    outputs.add("map", map);
    outputs.add("image_score", images);
    return outputs.take();
}

}  // namespace patchead::inline detectors_detail
