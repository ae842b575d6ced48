#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "patchead/metrics/published_curves.hpp"

/// \file
/// \brief All pixels of a category at once, as published implementations hold them.

namespace patchead::inline metrics_detail {

inline constexpr auto kNormalPixel = std::numeric_limits<std::uint32_t>::max();

struct AllPixels {
    std::vector<float> scores;
    std::vector<std::uint32_t> region;   ///< Of each, or kNormalPixel.
    std::vector<std::size_t> first{0};   ///< Of each image, and behind the last.
    std::vector<std::uint32_t> weights;  ///< Pixels that count as all of a region.
    std::size_t negatives = 0;

    [[nodiscard]] std::size_t images() const { return first.size() - 1; }
    [[nodiscard]] std::span<float> map(std::size_t image) {
        return std::span(scores).subspan(first[image], first[image + 1] - first[image]);
    }
    [[nodiscard]] std::span<const std::uint32_t> regions(std::size_t image) const {
        return std::span(region).subspan(first[image], first[image + 1] - first[image]);
    }
};

/// Which images count: as the options say, or those with anomalous pixels.
enum class ImagesTaken { all, anomalous };

[[nodiscard]] AllPixels read_pixels(const CategoryMaps& category,
                                    ImagesTaken taken = ImagesTaken::all);

/// `min_max_map` of every image.
void stretch_maps(AllPixels& pixels);

/// As `exact_pro_curve`.
[[nodiscard]] RateCurve pro_curve_of(const AllPixels& pixels);
/// As `anomalib_1_curve`.
[[nodiscard]] RateCurve anomalib_1_curve_of(const AllPixels& pixels, double limit);

/// Trapezoids.
[[nodiscard]] double area_under(const RateCurve& curve);
/// The same by rising rates, where points may fall behind earlier ones.
[[nodiscard]] double area_by_rate(const RateCurve& curve);
/// Up to `limit`, where the curve is cut by linear interpolation.
[[nodiscard]] double area_under(const RateCurve& curve, double limit);

}  // namespace patchead::inline metrics_detail
