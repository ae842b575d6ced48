#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

/// \file
/// \brief Quantiles of a few numbers.

namespace patchead {

/// The quantile `share`, in [0, 1], of ascending numbers, of which there is at least one: between
/// neighbours linearly, as NumPy has it.
[[nodiscard]] inline double quantile_of(std::span<const double> sorted, double share) {
    const double place = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const auto above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace patchead
