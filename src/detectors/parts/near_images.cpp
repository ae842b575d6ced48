#include "parts/near_images.hpp"

#include <algorithm>

#include "parts/nearest.hpp"

namespace patchead::inline detectors_detail {

NearImages near_images(const at::Tensor& queries, const at::Tensor& references, std::int64_t k) {
    const auto found = nearest(queries, references, std::min(k, references.size(0)));
    return {found.rows, found.squared.sqrt()};
}

at::Tensor gallery_distance(const at::Tensor& patches, const at::Tensor& gallery) {
    return nearest(patches, gallery).squared.select(1, 0).sqrt();
}

}  // namespace patchead::inline detectors_detail
