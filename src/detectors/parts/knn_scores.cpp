#include "parts/knn_scores.hpp"

#include <algorithm>

#include "parts/nearest.hpp"
#include "parts/unit_nearest.hpp"

namespace patchead::inline detectors_detail {

at::Tensor rows_for(PatchMetric metric, const at::Tensor& rows) {
    return metric == PatchMetric::cosine ? unit_float_rows(rows)
                                         : rows.reshape({-1, rows.size(-1)}).to(at::kFloat);
}

at::Tensor mean_knn_distance(const at::Tensor& queries, const at::Tensor& memory, std::int64_t k,
                             PatchMetric metric) {
    const auto squared = nearest(queries, memory, std::min(k, memory.size(0))).squared.mean(-1);
    // Of unit rows, |a - b|^2 = 2 (1 - cos).
    return metric == PatchMetric::cosine ? squared / 2 : squared.sqrt();
}

at::Tensor mean_below_kth(const at::Tensor& queries, const at::Tensor& pool, std::int64_t kth) {
    const auto distances = nearest(queries, pool, kth).squared / 2;
    const auto is_below = (distances < distances.narrow(-1, kth - 1, 1)).to(at::kDouble);
    return (distances * is_below).sum(-1) / is_below.sum(-1);
}

}  // namespace patchead::inline detectors_detail
