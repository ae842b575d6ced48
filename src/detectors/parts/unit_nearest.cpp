#include "parts/unit_nearest.hpp"

#include "parts/nearest.hpp"

namespace patchead::inline detectors_detail {

at::Tensor nearest_unit_distance(const at::Tensor& queries, const at::Tensor& bank) {
    const auto channels = queries.size(-1);
    return nearest(queries.reshape({-1, channels}), bank.reshape({-1, channels}))
               .squared.view({queries.size(0), queries.size(1)}) /
           2;
}

}  // namespace patchead::inline detectors_detail
