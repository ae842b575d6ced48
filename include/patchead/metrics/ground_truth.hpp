#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "patchead/core/types.hpp"

/// \file
/// \brief What maps are measured against: anomalous pixels and their regions.

namespace patchead {

/// The anomalous pixels of the test images at evaluation size; the same for all ablation points.
struct GroundTruth {
    /// Anomalous pixels of one image: index `row * width + col`, ascending, and their region,
    /// counted over all images from 0.
    struct Pixels {
        MapSize size;
        std::vector<std::uint32_t> index;
        std::vector<std::uint32_t> region;
        MapSize uncropped{};  ///< Of the map, where `size` is the middle of it; empty: `size`.

        /// The size of the whole map.
        [[nodiscard]] MapSize map_size() const { return uncropped.area() > 0 ? uncropped : size; }
    };
    std::vector<Pixels> images;
    std::vector<std::uint32_t> region_sizes;  ///< In pixels.
    /// Of each region: as many of its pixels count as all of it (MVTec LOCO AD). Empty: not known.
    std::vector<std::uint32_t> saturation_px{};
    /// Where each mask file is one region, whether connected or not: these regions, for sPRO alone.
    struct Marked {
        std::vector<Pixels> images;  ///< Of each file in turn, so that an index can come twice.
        std::vector<std::uint32_t> saturation_px;  ///< Of each file that is not empty at this size.
    };
    Marked marked{};       ///< No images: masks say nothing of the kind.
    int vanished = 0;      ///< Anomalous images whose mask is empty at this size.
    int without_mask = 0;  ///< Anomalous images that have no mask: nobody knows their pixels.
};

/// The mask of an image at evaluation size.
using TruthSource = std::function<Mask(std::size_t image)>;

/// What is measured of a map.
struct MapWindow {
    int top = 0;
    int left = 0;
    MapSize size;
};

/// The middle `kept_side` (0 to 1) of each side, in whole pixels and at least one. Sides and corner
/// are rounded half to even. Source: torchvision.transforms.functional.center_crop.
[[nodiscard]] MapWindow middle_of(MapSize size, double kept_side);

/// Connected regions of the masks, which are asked for one after the other and not kept; of their
/// middle, with a `kept_side` (`middle_of`) below 1: a region that lies outside of it is none.
/// `anomalous[n]`: label of each image. Throws ConfigError for a connectivity other than 4 and 8.
[[nodiscard]] GroundTruth find_regions(const TruthSource& masks,
                                       std::span<const std::uint8_t> anomalous, int connectivity,
                                       double kept_side = 1);

/// A mask file at evaluation size, and the part of the file's own pixels that counts as all of it,
/// in pixels of the evaluation.
struct MarkedMask {
    Mask mask;
    double saturation_px = 0;
};

/// The mask files of an image; none of one without.
using MarkedSource = std::function<std::vector<MarkedMask>(std::size_t image)>;

/// Fills in `truth.marked`, whose images have the sizes of `truth.images`: the pixels of each mask
/// that are anomalous there too. Saturation areas are rounded down, and are at least one pixel and
/// at most the region's. Masks of which nothing is left are none.
void mark_regions(const MarkedSource& masks, double kept_side, GroundTruth& truth);

/// What `truth` says of the images `kept`, in that order; regions are counted anew.
[[nodiscard]] GroundTruth truth_of(const GroundTruth& truth, std::span<const std::size_t> kept);

}  // namespace patchead
