#include "parts/musc_scores.hpp"

#include <cmath>

#include "parts/maps.hpp"
#include "parts/option_values.hpp"
#include "parts/rescoring.hpp"
#include "parts/tensors.hpp"
#include "patchead/core/error.hpp"

namespace patchead::inline detectors_detail {

std::int64_t mutual_count(std::int64_t images, double share) {
    return static_cast<std::int64_t>(static_cast<double>(images - 1) * share);
}

at::Tensor rescored_mean(const at::Tensor& scores, const at::Tensor& vectors,
                         const std::vector<int>& k_list) {
    auto sum = at::zeros_like(scores);
    for (const int k : k_list) { sum += rescored(scores, vectors, k); }
    return sum / static_cast<double>(k_list.size());
}

PatchScores musc_scores(const DetectorImages& batch, const at::Tensor& patches,
                        const at::Tensor& vectors, const std::vector<int>& k_list) {
    const auto grid = batch.layers.front().grid;
    const auto maps = resize_maps(patches.view({-1, grid.rows, grid.cols}), batch.input,
                                  Interpolation::bilinear_align_corners);
    const auto highest = min_max_scaled(maps.flatten(1).amax(1)).nan_to_num(0.0);
    return {grid, batch.ids, to_plain(patches).values,
            to_plain(rescored_mean(highest, vectors, k_list)).values};
}

void require_batch(const DetectorImages& batch) {
    require<DataError>(batch.images() >= 2, "a batch of ", batch.images(),
                       " images has nothing to compare with; batches need at least 2");
}

std::vector<int> window_sides(const DetectorOptions& options, const std::string& name) {
    auto sides = wholes(options, name, 1);
    for (const int side : sides) {
        require<ConfigError>(side % 2 == 1, "option '", name, "' has ", side,
                             ", which has no middle; give odd numbers: 1,3,5");
    }
    return sides;
}

}  // namespace patchead::inline detectors_detail
