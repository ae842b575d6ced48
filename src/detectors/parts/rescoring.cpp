#include "parts/rescoring.hpp"

#include <algorithm>

namespace patchead::inline detectors_detail {

at::Tensor min_max_scaled(const at::Tensor& scores) {
    return (scores - scores.min()) / (scores.max() - scores.min());
}

at::Tensor rescored(const at::Tensor& scores, const at::Tensor& vectors, std::int64_t k) {
    const auto values = scores.to(at::kDouble);
    const auto rows = vectors.to(at::kDouble);
    // Row by row and as sums of products, so that no bit depends on a product of matrices.
    std::vector<at::Tensor> results;
    for (std::int64_t i = 0; i < rows.size(0); ++i) {
        const auto products = (rows * rows[i]).sum(-1);
        const auto near = products.argsort(/*stable=*/true, 0, /*descending=*/true)
                              .narrow(0, 0, std::min(k, rows.size(0)));
        const auto weights = products.index_select(0, near);
        const auto sum = weights.sum();
        const auto mean = (weights * values.index_select(0, near)).sum() / sum;
        results.push_back(at::where(sum == 0, values[i], mean));
    }
    return at::stack(results);
}

}  // namespace patchead::inline detectors_detail
