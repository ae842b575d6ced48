#pragma once

#include <cstdint>

#include <ATen/ATen.h>

#include "patchead/core/images.hpp"

/// \file
/// \brief AnomalyDINO's rule for the foreground of an image. Private to the detectors layer.

namespace patchead::inline detectors_detail {

/// What tells the sign of a principal component: its largest magnitude is positive, among scores of
/// patches (scikit-learn before 1.5) or among entries of the component (since then).
enum class ComponentSign { by_score, by_entry };

/// Scores of patches along their first principal component. Shapes: `tokens[L, D]` to `[L]`,
/// double. All are 0 if the tokens are equal.
[[nodiscard]] at::Tensor first_component(const at::Tensor& tokens, ComponentSign sign);

struct ForegroundRule {
    double threshold = 10;  ///< Scores above it are foreground.
    std::int64_t kernel_size = 3;
    double border = 0.2;         ///< Share of the sides that is not the centre.
    double centre_share = 0.35;  ///< Of the centre that must be foreground, or the sign changes.
};

/// Shapes: `[L]`, bool.
struct Foreground {
    at::Tensor raw;      ///< As thresholded.
    at::Tensor dilated;  ///< Along the raster order, as the publication does.
    at::Tensor mask;     ///< Then closed.
    bool flipped = false;
    double centre_share = 0;  ///< As found before the sign was changed; NaN without a centre.
};

/// `scores[L]` of a grid.
[[nodiscard]] Foreground foreground_of(const at::Tensor& scores, Grid grid,
                                       const ForegroundRule& rule);

}  // namespace patchead::inline detectors_detail
