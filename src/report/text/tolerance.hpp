#pragma once

#include <algorithm>
#include <cmath>

/// \file
/// \brief When two means over seeds differ. Private to the report layer.

namespace patchead::inline report_detail {

/// What a difference of two means must exceed: 0.5 points, or two standard deviations of the
/// difference.
[[nodiscard]] inline double tolerance(double one_std, double other_std) {
    constexpr double kLeast = 0.005;
    constexpr double kNoise = 1e-12;  // Of the difference of two doubles.
    return std::max(2 * std::hypot(one_std, other_std), kLeast) + kNoise;
}

}  // namespace patchead::inline report_detail
