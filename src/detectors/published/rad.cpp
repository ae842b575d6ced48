#include "parts/rad_map.hpp"
#include "parts/retrieval.hpp"
#include "parts/top_share.hpp"
#include "parts/unit_nearest.hpp"
#include "published/inputs.hpp"

namespace patchead::inline detectors_detail {
namespace {

/// A parameter that may be null.
template <class Value>
Value value_or(const nlohmann::json& parameters, const char* name, Value other) {
    const auto found = parameters.find(name);
    return found == parameters.end() || found->is_null() ? other : found->get<Value>();
}

}  // namespace

NamedTensors run_rad(const Inputs& inputs) {
    const auto& parameters = inputs.parameters;
    const auto banks = inputs.list("bank_patch");
    const auto queries = inputs.list("query_patch");
    const auto query_vectors = inputs.get("query_cls");
    const auto images = query_vectors.size(0);
    const auto weights =
        layer_weights(value_or(parameters, "layer_weights", std::vector<double>{}), banks.size());
    SearchRegion region{inputs.grid(), std::nullopt};
    const int radius = value_or(parameters, "pos_radius", -1);
    if (radius >= 0) { region.radius = radius; }
    std::vector<std::vector<std::int64_t>> retrieved;
    std::vector<at::Tensor> places;
    for (std::int64_t i = 0; i < images; ++i) {
        retrieved.push_back(most_similar(query_vectors[i], inputs.get("bank_cls"),
                                         parameters.at("k_image").get<std::int64_t>()));
        places.push_back(at::tensor(retrieved.back()));
    }
    auto patches = at::zeros({images, region.grid.size()}, at::kDouble);
    for (std::size_t l = 0; l < banks.size(); ++l) {
        const auto bank = unit_images(banks[l]);
        const auto rows = unit_images(queries.at(l));
        for (std::int64_t i = 0; i < images; ++i) {
            patches[i] +=
                weights[l] *
                regional_distance(rows[i], bank, retrieved[static_cast<std::size_t>(i)], region);
        }
    }
    patches = patches.view({images, region.grid.rows, region.grid.cols});
    const auto map = rad_map(patches, inputs.size("map_size"));
    Outputs outputs;
    outputs.add("retrieved", at::stack(places));
    outputs.add("patch_map", patches);
    outputs.add("map", map);
    outputs.add("image_score_max", map.flatten(1).amax(1));
    outputs.add("image_score_top1p",
                mean_of_top_share(map, value_or(parameters, "top_share", 0.01), 0));
    return outputs.take();
}

}  // namespace patchead::inline detectors_detail
