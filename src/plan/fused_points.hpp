#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "patchead/plan/sweep_plan.hpp"
#include "points.hpp"

/// \file
/// \brief The points that are made of others. Private to the plan layer.

namespace patchead::inline plan_detail {

/// A backbone at a size.
struct Input {
    std::size_t backbone = 0;
    int side_px = 0;

    bool operator==(const Input&) const = default;
};

/// A point that is made of those of its inputs.
struct FusedPoint {
    FuseOver over = FuseOver::sizes;
    FuseRule rule = FuseRule::mean;
    std::vector<Input> inputs;  ///< Sides ascending, backbones by name: their order means nothing.
    std::uint64_t seed = 0;
    GridPoint point{};

    bool operator==(const FusedPoint&) const = default;
};

struct FusedPoints {
    std::vector<FusedPoint> points;
    std::size_t merged = 0;  ///< How often a grid asked for one that is there.
};

/// What is asked of each category of `dataset`, in the order of the grids: those over sizes, then
/// those over backbones.
/// Throws ConfigError if names of backbones cannot be joined.
[[nodiscard]] FusedPoints fused_points_of(const SweepSpec& spec, const std::string& dataset);

/// Throws ConfigError if grids ask for fused points and `plan` has none.
void require_something_fused(const SweepPlan& plan);

}  // namespace patchead::inline plan_detail
