#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "patchead/metrics/metrics.hpp"

/// \file
/// \brief Curves behind metrics, whole: the exact ones, and those of published implementations, for
/// comparison with golden fixtures. They hold all pixels of a category, up to 40 bytes each.

namespace patchead {

/// A category to be measured; what is pointed to outlives it. Null where only images are measured.
struct CategoryMaps {
    const MapSource* maps = nullptr;
    const GroundTruth* truth = nullptr;
    const MetricOptions* options = nullptr;
};

/// Something over false positive rates.
struct RateCurve {
    std::vector<double> rate;
    std::vector<double> value;
};

/// The PRO curve from (0, 0) with a point for each distinct score, the highest first; of regions
/// with a saturation area, its saturated form.
[[nodiscard]] RateCurve exact_pro_curve(const CategoryMaps& category);

/// The mean of the ROC curves of single regions as anomalib up to 2.2 forms it: each cut at
/// `limit` and resampled, by index, to as many points as the curve of all pixels has there.
/// Source: anomalib 2.2, metrics/aupro.py.
[[nodiscard]] RateCurve anomalib_1_curve(const CategoryMaps& category, double limit);

/// AUPIMO from thresholds that are equidistant in the score.
struct LinearPimo {
    std::vector<float> thresholds;  ///< Between the extremes of the normal images, ascending.
    std::vector<double> rates;      ///< Shared false positive rate at or above each.
    std::vector<double> images;     ///< AUPIMO of each image; NaN without anomaly.
    std::size_t points = 0;         ///< Thresholds between those nearest to the bounds.
};

/// Source: anomalib, metrics/pimo/functional.py.
[[nodiscard]] LinearPimo anomalib_pimo(const CategoryMaps& category, std::size_t thresholds,
                                       double low, double high);

/// A map with its extremes at 0 and 1, in single precision: (s - min) / (max - min + 1e-8).
[[nodiscard]] std::vector<float> min_max_map(std::span<const float> map);

/// The highest F1 of any threshold within each image; 0 of one without anomaly.
/// Source: SuperADD, utils/industrial/evaluate.py.
[[nodiscard]] std::vector<double> best_f1_of_images(const CategoryMaps& category);

}  // namespace patchead
