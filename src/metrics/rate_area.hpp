#pragma once

/// \file
/// \brief Areas under curves over false positive rates that rise at the scores of positives.

namespace patchead::inline metrics_detail {

/// Integral, over false positive rates up to `limit`, of the curve of one positive: 0 before its
/// tie group is selected, 1 after, and straight between the rates `before` and `after`.
[[nodiscard]] inline double area_of(double before, double after, double limit) {
    if (before >= limit) { return 0; }
    if (after <= limit) { return limit - 0.5 * (before + after); }
    return (limit - before) * (limit - before) / (2 * (after - before));
}

}  // namespace patchead::inline metrics_detail
