#include "parts/maps.hpp"
#include "parts/top_share.hpp"
#include "parts/unit_nearest.hpp"
#include "published/inputs.hpp"

namespace patchead::inline detectors_detail {
namespace {

/// As is, turned by quarters anticlockwise, flipped along the height, along the width.
at::Tensor support_copies(const at::Tensor& images) {
    return at::cat({images, images.rot90(1, {-2, -1}), images.rot90(2, {-2, -1}),
                    images.rot90(3, {-2, -1}), images.flip(-2), images.flip(-1)});
}

/// As is, flipped along the height, without negative values.
at::Tensor three_views(const at::Tensor& images) {
    return at::stack({images, images.flip(-2), images.clamp_min(0)});
}

/// The sum of the maps of the three views, the second one flipped back.
/// Shape: `distances[view, N, h, w]`.
at::Tensor sum_of_views(const at::Tensor& distances) {
    return distances[0] + distances[1].flip(-2) + distances[2];
}

}  // namespace

NamedTensors run_visionad(const Inputs& inputs) {
    const auto grid = inputs.grid();
    // Features, not distances, are averaged over layers. Shape: [view, images, L, C].
    const auto queries = inputs.get("query_layers").mean(2);
    const auto supports = inputs.get("support_layers").mean(2);
    std::vector<at::Tensor> distances;
    for (std::int64_t view = 0; view < queries.size(0); ++view) {
        distances.push_back(
            nearest_unit_distance(unit_images(queries[view]), unit_images(supports[view]))
                .view({-1, grid.rows, grid.cols}));
    }
    const auto patches = sum_of_views(at::stack(distances));
    const auto map = resize_maps(patches, inputs.size("map_size"));
    Outputs outputs;
    outputs.add("support_views", support_copies(inputs.get("supports")));
    outputs.add("query_views", three_views(inputs.get("queries")));
    outputs.add("view_distance", at::stack(distances));
    outputs.add("patch_map", patches);
    outputs.add("map", map);
    outputs.add("image_score",
                mean_of_top_share(map, inputs.parameters.at("top_share").get<double>(), 0));
    return outputs.take();
}

}  // namespace patchead::inline detectors_detail
