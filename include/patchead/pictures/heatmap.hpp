#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "patchead/core/picture_part.hpp"
#include "patchead/core/types.hpp"

/// \file
/// \brief Pictures of anomaly maps.

namespace patchead {

/// A map to be shown over its image.
struct Heatmap {
    Image image;             ///< The input at any size.
    Mask truth;              ///< Of the same size as the image; empty: nobody knows it.
    MapSize size;            ///< Of the map, which covers the whole image.
    std::vector<float> map;  ///< Shape: `[size.height, size.width]`.
    float low = 0;           ///< Value shown as the coldest colour.
    float high = 1;          ///< Value shown as the hottest colour.
    std::string caption;
};

/// Input, ground truth (outline on the input), if there is one, and overlay of the map, side by
/// side at a common height, with the caption and a colour bar below. The input is shown as it is
/// (aspect kept).
[[nodiscard]] Image render(const Heatmap& heatmap);

/// `render` as a PNG file, whole or not at all. Returns where the overlay of the map lies in it.
PicturePart write_heatmap(const std::filesystem::path& path, const Heatmap& heatmap);

}  // namespace patchead
