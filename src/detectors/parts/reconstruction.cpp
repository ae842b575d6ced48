#include "parts/reconstruction.hpp"

namespace patchead::inline detectors_detail {

Reconstruction::Reconstruction(const at::Tensor& mean, const at::Tensor& coreset, double lambda)
    : mean_(mean.to(at::kDouble)),
      lambda_(lambda),
      space_(static_cast<std::size_t>(coreset.size(1))) {
    const auto dim = static_cast<std::size_t>(coreset.size(1));
    const auto rows = coreset.to(at::kDouble).contiguous();
    for (std::int64_t i = 0; i < rows.size(0); ++i) {
        space_.add({rows.data_ptr<double>() + static_cast<std::size_t>(i) * dim, dim});
    }
}

at::Tensor Reconstruction::of(const at::Tensor& queries) const {
    const auto dim = static_cast<std::size_t>(queries.size(2));
    const auto blend = ((queries.to(at::kDouble) + lambda_ * mean_) / (1 + lambda_)).contiguous();
    auto outside = blend.clone();
    auto* const values = outside.data_ptr<double>();
    const auto patches = queries.size(0) * queries.size(1);
#pragma omp parallel for
    for (std::int64_t i = 0; i < patches; ++i) {
        (void)space_.split({values + static_cast<std::size_t>(i) * dim, dim});
    }
    return blend - outside;
}

}  // namespace patchead::inline detectors_detail
