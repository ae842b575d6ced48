#include "parts/maps.hpp"
#include "parts/tensors.hpp"
#include "parts/unit_nearest.hpp"
#include "patchead/core/error.hpp"
#include "published/inputs.hpp"

namespace patchead::inline detectors_detail {
namespace {

/// The mean of normalised embeddings, normalised again.
at::Tensor class_vector(const at::Tensor& embeddings) {
    return unit_rows(unit_rows(embeddings).mean(0));
}

at::Tensor min_max(const at::Tensor& scores) {
    return (scores - scores.min()) / (scores.max() - scores.min());
}

}  // namespace

NamedTensors run_aprilgan(const Inputs& inputs) {
    Outputs outputs;
    if (inputs.has("text_normal")) {
        outputs.add("text", at::stack({class_vector(inputs.get("text_normal")),
                                       class_vector(inputs.get("text_abnormal"))}));
        return outputs.take();
    }
    const auto grid = inputs.grid();
    const auto memory = inputs.list("memory");
    const auto queries = inputs.list("queries");
    std::vector<at::Tensor> maps;
    for (std::size_t l = 0; l < memory.size(); ++l) {
        const auto distance = nearest_cosine_distance(queries.at(l), memory[l]);
        maps.push_back(resize_maps(distance.view({-1, grid.rows, grid.cols}),
                                   inputs.size("map_size"), Interpolation::bilinear_align_corners));
    }
    const auto layers = at::stack(maps, 1);
    const auto map = layers.sum(1);
    const auto top = map.flatten(1).amax(1);
    outputs.add("layer_maps", layers);
    outputs.add("map", map);
    outputs.add("image_max", top);
    outputs.add("image_score_minmax_half", 0.5 * (inputs.get("text_score") + min_max(top)));
    return outputs.take();
}

}  // namespace patchead::inline detectors_detail
