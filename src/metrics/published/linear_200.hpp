#pragma once

#include "published/all_pixels.hpp"

/// \file
/// \brief PRO at 200 thresholds that are equidistant in the score, as a function of cflow-ad that
/// many projects copied. Private to the metrics layer.

namespace patchead::inline metrics_detail {

/// How it brings the rates below 0.3 to [0, 1].
enum class RateScale { by_extremes, by_largest };
/// In what its thresholds are computed.
enum class MapPrecision { float32, float64 };

/// NaN if no two of the thresholds differ in their rates.
[[nodiscard]] double pro_at_200_thresholds(const AllPixels& pixels, RateScale scale,
                                           MapPrecision precision);

}  // namespace patchead::inline metrics_detail
