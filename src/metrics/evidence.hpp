#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "pixel_ranking.hpp"
#include "ranking.hpp"

/// \file
/// \brief What a metric sees and what it gives.

namespace patchead::inline metrics_detail {

/// Everything a metric is computed from: counts, no scores.
struct Evidence {
    Ranking images;
    PixelRanking pixels;
    std::int64_t regions = 0;
    double pro_limit = 0.3;  ///< Largest false positive rate of the PRO curves.
};

/// A fraction in [0, 1], or NaN and the reason why there is none.
struct Quantity {
    double value;
    std::string reason;

    Quantity(double fraction) : value(fraction) {}  // NOLINT: a number is a quantity.
    [[nodiscard]] static Quantity undefined(std::string reason);
};

/// A metric by its name in results and tables.
struct Metric {
    std::string_view name;
    Quantity (*compute)(const Evidence&);
};

/// Those that look at `Evidence::images` only.
[[nodiscard]] std::span<const Metric> image_metrics();
/// Those that look at pixels.
[[nodiscard]] std::span<const Metric> pixel_metrics();

}  // namespace patchead::inline metrics_detail
