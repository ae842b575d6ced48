#include "parts/unit_nearest.hpp"

#include <algorithm>

#include "parts/nearest.hpp"
#include "parts/tensors.hpp"

namespace patchead::inline detectors_detail {

at::Tensor unit_float_rows(const at::Tensor& rows) {
    constexpr std::int64_t at_once = 4096;
    const auto all = rows.reshape({-1, rows.size(-1)});
    auto units = at::empty(all.sizes(), at::kFloat);
    for (std::int64_t begin = 0; begin < all.size(0); begin += at_once) {
        const auto count = std::min(at_once, all.size(0) - begin);
        units.narrow(0, begin, count).copy_(unit_rows(all.narrow(0, begin, count).to(at::kDouble)));
    }
    return units;
}

at::Tensor unit_images(const at::Tensor& tokens) {
    return unit_float_rows(tokens).view(tokens.sizes());
}

at::Tensor nearest_unit_distance(const at::Tensor& queries, const at::Tensor& bank) {
    const auto channels = queries.size(-1);
    return nearest(queries.reshape({-1, channels}), bank.reshape({-1, channels}))
               .squared.view({queries.size(0), queries.size(1)}) /
           2;
}

at::Tensor nearest_cosine_distance(const at::Tensor& queries, const at::Tensor& memory) {
    return nearest_unit_distance(unit_images(queries), unit_float_rows(memory));
}

}  // namespace patchead::inline detectors_detail
