#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "patchead/core/options.hpp"
#include "patchead/metrics/published_curves.hpp"
#include "pixel_ranking.hpp"
#include "ranking.hpp"

/// \file
/// \brief What a metric sees and what it gives.

namespace patchead::inline metrics_detail {

/// Everything a metric is computed from: counts and, for those that are not of counts, what they
/// were taken of. What is not there makes a metric undefined that needs it.
struct Evidence {
    Ranking images;
    PixelRanking pixels;
    std::int64_t regions = 0;
    double pro_limit = 0.3;                     ///< Largest false positive rate of the PRO curves.
    std::span<const float> scores{};            ///< Image scores. Shape: `[n]`.
    std::span<const std::uint8_t> anomalous{};  ///< Shape: `[n]`.
    std::span<const std::int32_t> samples{};    ///< As `MetricRequest` has them, like the
    std::optional<double> image_threshold{};    ///< thresholds.
    std::optional<double> pixel_threshold{};
    CategoryMaps category{};
};

/// A fraction in [0, 1], or NaN and the reason why there is none.
struct Quantity {
    double value;
    std::string reason;
    std::vector<double> images{};  ///< Of each image, NaN where undefined; mostly empty.

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
