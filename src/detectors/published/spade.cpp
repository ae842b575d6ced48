#include "parts/maps.hpp"
#include "parts/near_images.hpp"
#include "parts/smooth_map.hpp"
#include "published/numbered.hpp"

namespace patchead::inline detectors_detail {
namespace {

constexpr double kPairwiseEpsilon = 1e-6;   // torch.pairwise_distance adds it to each difference.
constexpr std::int64_t kGalleryStep = 100;  // The source drops what is left of a hundred.

/// Patches of the images `rows` of maps `[N, C, h, w]` in the source's order: image, column, row.
at::Tensor gallery_of(const at::Tensor& maps, const at::Tensor& rows) {
    const auto all = maps.index_select(0, rows).permute({0, 3, 2, 1}).reshape({-1, maps.size(1)});
    const auto used = all.size(0) / kGalleryStep * kGalleryStep;
    require<DataError>(used > 0, "a gallery of ", all.size(0),
                       " patches (the source wants 100 at least); make the fixture again");
    return all.narrow(0, 0, used);
}

}  // namespace

NamedTensors run_spade(const Inputs& inputs) {
    const auto pooled = inputs.get("pooled");
    const auto count = inputs.parameters.at("references").get<std::int64_t>();
    const auto references = pooled.narrow(0, 0, count);
    const auto queries = pooled.narrow(0, count, pooled.size(0) - count);
    const auto near =
        near_images(queries, references, inputs.parameters.at("k").get<std::int64_t>());
    const auto all = near_images(queries, references, count);
    Outputs outputs;
    outputs.add("pooled_distance",
                at::empty_like(all.distances).scatter_(1, all.rows, all.distances));
    outputs.add("nearest_images", near.rows);
    outputs.add("image_score", near.mean_distance());
    std::vector<at::Tensor> layers;
    for (const int number : numbers_of(inputs, "features")) {
        const auto maps = inputs.get(concat("features.", number));
        std::vector<at::Tensor> distances;
        for (std::int64_t q = 0; q < queries.size(0); ++q) {
            const auto patches = maps[count + q].flatten(1).t() - kPairwiseEpsilon;
            distances.push_back(gallery_distance(patches, gallery_of(maps, near.rows[q]))
                                    .view({maps.size(2), maps.size(3)}));
        }
        const auto layer = at::stack(distances);
        outputs.add(concat("patch_distance.", number), layer);
        layers.push_back(resize_maps(layer, inputs.size("map_size")));
    }
    const auto mean = at::stack(layers).mean(0);
    outputs.add("map", smooth_map(mean, inputs.size("map_size"),
                                  inputs.parameters.at("sigma").get<double>()));
    return outputs.take();
}

}  // namespace patchead::inline detectors_detail
