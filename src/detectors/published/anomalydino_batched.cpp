#include <limits>

#include "parts/knn_scores.hpp"
#include "parts/masked.hpp"
#include "parts/tensors.hpp"
#include "parts/unit_nearest.hpp"
#include "patchead/core/error.hpp"
#include "published/inputs.hpp"

namespace patchead::inline detectors_detail {

NamedTensors run_anomalydino_batched(const Inputs& inputs) {
    const auto quantile = inputs.parameters.at("quantile").get<double>();
    const auto tokens = inputs.get("tokens");
    const auto images = tokens.size(0);
    const auto patches = tokens.size(1);
    const auto rows = unit_float_rows(tokens).view({images, patches, -1});
    const auto kth =
        static_cast<std::int64_t>(quantile * static_cast<double>((images - 1) * patches));
    require<DataError>(kth >= 1, "a quantile of ", quantile, " is no patch of a fixture's pool; ",
                       "make the fixture again");
    std::vector<at::Tensor> all;
    for (std::int64_t i = 0; i < images; ++i) {
        all.push_back(mean_below_kth(rows[i], without_image(rows, i), kth));
    }
    const auto distance = at::stack(all);
    const auto patch_map = at::where(inputs.get("masks").view_as(distance) > 0, distance, 0.0);
    auto scores = at::empty({images}, at::kDouble);
    for (std::int64_t i = 0; i < images; ++i) {
        // As published, of fewer than 100 patches that is none: 0 / 0.
        const auto count = static_cast<std::int64_t>(0.01 * static_cast<double>(patches));
        scores[i] = mean_of_highest(patch_map[i], count);
    }
    Outputs outputs;
    outputs.add("distance", distance);
    outputs.add("patch_map", patch_map);
    outputs.add("image_score", scores);
    return outputs.take();
}

}  // namespace patchead::inline detectors_detail
