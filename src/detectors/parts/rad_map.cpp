#include "parts/rad_map.hpp"

#include <numeric>

#include "parts/maps.hpp"
#include "patchead/core/error.hpp"

namespace patchead::inline detectors_detail {

std::vector<double> layer_weights(const std::vector<double>& given, std::size_t layers) {
    require<DataError>(given.empty() || given.size() == layers, "there are ", given.size(),
                       " weights for ", layers,
                       " layers; give one for each in layer_weights, or equal");
    std::vector<double> weights = given.empty() ? std::vector<double>(layers, 1) : given;
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    for (double& weight : weights) { weight /= sum; }
    return weights;
}

at::Tensor rad_map(const at::Tensor& patches, MapSize size) {
    return blur(resize_maps(patches, size), gauss_kernel(1, 2), BlurBorder::zero);
}

}  // namespace patchead::inline detectors_detail
