#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "patchead/core/random.hpp"

/// \file
/// \brief How far a metric of images depends on which test images there happen to be.

namespace patchead {

/// Resamples of the test images of a category: drawn with replacement, normal and anomalous ones
/// apart, as many of each as there are. How many of each a test set has was decided by who made
/// it, so it is not left to chance; and no resample lacks a class.
class Resamples {
  public:
    /// `anomalous[n]`: labels. All draws come from `random`, one resample after another.
    Resamples(std::span<const std::uint8_t> anomalous, std::size_t count, Random random);

    [[nodiscard]] std::size_t count() const { return count_; }

    /// How often each image is in a resample. Shape: `[n]`.
    [[nodiscard]] std::span<const std::uint16_t> of(std::size_t resample) const {
        return std::span(times_).subspan(resample * images_, images_);
    }

  private:
    std::size_t images_;
    std::size_t count_;
    std::vector<std::uint16_t> times_;  ///< Shape: `[count, n]`.
};

/// A metric that needs images only (see `measure_images`) in every resample; empty if it is
/// undefined. Shapes: `scores[n]`, `anomalous[n]`. Exact, as the metric itself: in counts.
/// Throws ConfigError for another metric.
[[nodiscard]] std::vector<double> resample_metric(std::string_view metric,
                                                  std::span<const float> scores,
                                                  std::span<const std::uint8_t> anomalous,
                                                  const Resamples& resamples);

struct Interval {
    double low = 0;
    double high = 0;

    bool operator==(const Interval&) const = default;
};

/// The percentiles between which the middle `level` of `values` lies, interpolated linearly between
/// neighbours (as numpy.percentile). Requires at least one value.
/// Source: Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13.
[[nodiscard]] Interval percentile_interval(std::vector<double> values, double level = 0.95);

/// Two-sided significance of a difference from its resamples: twice the share of them on the rarer
/// side of 0 (those at 0, up to rounding, are on both), counting the difference itself as one more
/// on that side, at most 1.
[[nodiscard]] double significance(std::span<const double> differences);

}  // namespace patchead
