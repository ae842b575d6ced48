#include "parts/smooth_map.hpp"

#include "parts/maps.hpp"

namespace patchead::inline detectors_detail {

at::Tensor smooth_map(const at::Tensor& scores, MapSize size, double sigma) {
    const auto radius = static_cast<std::int64_t>(4 * sigma + 0.5);
    return blur(resize_maps(scores, size), gauss_kernel(sigma, radius), BlurBorder::edge);
}

}  // namespace patchead::inline detectors_detail
