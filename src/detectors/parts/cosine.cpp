#include "parts/cosine.hpp"

#include "parts/nearest.hpp"
#include "parts/tensors.hpp"

namespace patchead::inline detectors_detail {

at::Tensor nearest_cosine_distance(const at::Tensor& queries, const at::Tensor& memory) {
    const auto dim = queries.size(-1);
    const auto rows = unit_rows(queries.to(at::kDouble)).reshape({-1, dim});
    const auto bank = unit_rows(memory.to(at::kDouble)).reshape({-1, dim});
    // Of unit rows, |a - b|^2 = 2 (1 - cos).
    return nearest(rows, bank).squared.view({queries.size(0), queries.size(1)}) / 2;
}

}  // namespace patchead::inline detectors_detail
