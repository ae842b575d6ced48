#include "parts/reconstruction.hpp"

#include <span>

#include "parts/row_space.hpp"

namespace patchead::inline detectors_detail {

at::Tensor reconstructed(const at::Tensor& queries, const at::Tensor& mean,
                         const at::Tensor& coreset, double lambda) {
    const auto dim = static_cast<std::size_t>(queries.size(2));
    const auto rows = coreset.to(at::kDouble).contiguous();
    RowSpace space(dim);
    for (std::int64_t i = 0; i < rows.size(0); ++i) {
        space.add({rows.data_ptr<double>() + static_cast<std::size_t>(i) * dim, dim});
    }
    const auto blend =
        ((queries.to(at::kDouble) + lambda * mean.to(at::kDouble)) / (1 + lambda)).contiguous();
    auto outside = blend.clone();
    auto* const values = outside.data_ptr<double>();
    const auto patches = queries.size(0) * queries.size(1);
#pragma omp parallel for
    for (std::int64_t i = 0; i < patches; ++i) {
        (void)space.split({values + static_cast<std::size_t>(i) * dim, dim});
    }
    return blend - outside;
}

}  // namespace patchead::inline detectors_detail
