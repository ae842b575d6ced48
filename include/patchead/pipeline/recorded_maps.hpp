#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "patchead/core/types.hpp"
#include "patchead/pipeline/map_points.hpp"

/// \file
/// \brief What `sweep --maps` recorded of a point, read again.

namespace patchead {

/// Patch scores of some test images of a point.
struct RecordedMaps {
    MapPoint point;  ///< What results call it; without tests, maps and evaluation.
    Grid grid;
    std::vector<std::string> ids;
    std::vector<float> scores;   ///< Of these images.
    std::vector<float> patches;  ///< Shape: `[n, grid.rows, grid.cols]`.
    /// Of the images, and how maps of them are made; only of images beside the test images.
    std::vector<MapSize> sizes{};
    MetricOptions metrics{};

    [[nodiscard]] std::span<const float> of(std::size_t image) const {
        const auto size = static_cast<std::size_t>(grid.size());
        return std::span(patches).subspan(image * size, size);
    }
};

/// The anomaly map of an image in `size`, as it would be measured. Shape: `[height, width]`.
[[nodiscard]] std::vector<float> upsampled(const RecordedMaps& maps, std::size_t image,
                                           MapSize size);

/// Reads `maps/<dataset>/<category>/<point>.h5`. Throws CacheError if it is no whole file of its
/// kind, DataError if its columns do not agree or it is no recorded point.
[[nodiscard]] RecordedMaps read_recorded_maps(const std::filesystem::path& file);

}  // namespace patchead
