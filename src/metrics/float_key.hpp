#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

/// \file
/// \brief Scores as integers that sort the other way round.

namespace patchead::inline metrics_detail {

/// An integer that is the smaller the larger `score` is, and the same for equal scores (also for
/// the two zeros): ascending keys are descending scores, and integers sort faster than floats.
/// Requires that `score` is not NaN.
[[nodiscard]] inline std::uint32_t descending_key(float score) {
    const auto bits = std::bit_cast<std::uint32_t>(score + 0.0F);  // -0 becomes +0.
    return bits ^ ((bits >> 31) != 0 ? 0U : 0x7FFFFFFFU);
}

/// The key such that exactly the scores above `threshold` have a smaller one.
[[nodiscard]] inline std::uint32_t key_of_threshold(double threshold) {
    const auto nearest = static_cast<float>(threshold);
    const bool too_high = static_cast<double>(nearest) > threshold;
    return descending_key(
        too_high ? std::nextafter(nearest, -std::numeric_limits<float>::infinity()) : nearest);
}

}  // namespace patchead::inline metrics_detail
