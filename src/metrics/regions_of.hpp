#pragma once

#include <cstdint>
#include <vector>

#include "patchead/metrics/metrics.hpp"

/// \file
/// \brief Where regions lie.

namespace patchead::inline metrics_detail {

/// The image of each region.
[[nodiscard]] inline std::vector<std::uint32_t> images_of_regions(const GroundTruth& truth) {
    std::vector<std::uint32_t> images(truth.region_sizes.size());
    for (std::size_t i = 0; i < truth.images.size(); ++i) {
        for (const auto region : truth.images[i].region) {
            images[region] = static_cast<std::uint32_t>(i);
        }
    }
    return images;
}

}  // namespace patchead::inline metrics_detail
