#pragma once

#include <cstdint>
#include <span>

#include "ranking.hpp"

/// \file
/// \brief The images of a category, reduced to counts. Private to the metrics layer.

namespace patchead::inline metrics_detail {

/// Shapes: `scores[n]`, finite; `anomalous[n]`.
[[nodiscard]] Ranking rank_images(std::span<const float> scores,
                                  std::span<const std::uint8_t> anomalous);

}  // namespace patchead::inline metrics_detail
