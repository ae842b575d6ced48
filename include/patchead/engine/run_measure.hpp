#pragma once

#include <optional>
#include <span>
#include <vector>

#include "patchead/core/types.hpp"
#include "patchead/pipeline/map_points.hpp"
#include "patchead/ranks/communicator.hpp"

/// \file
/// \brief Maps that were made elsewhere, measured on all ranks.

namespace patchead {

/// What became of each of `points`, in their order, on rank 0 (empty elsewhere); nothing on every
/// rank if a point could not be measured, which rank 0 has said. A task is a point; the values do
/// not depend on the number of ranks. `samples`, `points` and `how` are the same on every rank.
/// Collective.
[[nodiscard]] std::optional<std::vector<MeasuredPoint>> measure_points(
    std::span<const Sample> samples, std::span<const MapPoint> points, const MapMeasure& how,
    const Communicator& world);

}  // namespace patchead
