#include "parts/layer_distances.hpp"

#include "parts/knn_scores.hpp"

namespace patchead::inline detectors_detail {

at::Tensor distance_by_channels(const at::Tensor& queries, const at::Tensor& memory) {
    const auto rows = rows_for(PatchMetric::l2, queries);
    const auto bank = rows_for(PatchMetric::l2, memory);
    return mean_knn_distance(rows, bank, 1, PatchMetric::l2)
               .view({queries.size(0), queries.size(1)}) /
           static_cast<double>(queries.size(2));
}

}  // namespace patchead::inline detectors_detail
