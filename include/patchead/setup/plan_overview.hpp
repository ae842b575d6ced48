#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "patchead/plan/estimate.hpp"
#include "patchead/plan/simulate.hpp"

/// \file
/// \brief What a sweep would do and how long that takes on how many ranks, for people and programs.

namespace patchead {

/// What is to do of each kind, and what the store has.
struct PlanOverview {
    std::array<WorkEstimate, kUnitKinds.size()> to_do{};
    std::array<std::size_t, kUnitKinds.size()> planned{};
    std::size_t points = 0;
    std::size_t merged = 0;  ///< Points that several grids have, beyond the first of each.
    std::vector<SimulatedRun> runs{};
};

/// `graph`: what is left of `plan`, its costs in seconds; played on each number of `ranks`.
[[nodiscard]] PlanOverview make_overview(const SweepPlan& plan, const WorkGraph& graph,
                                         const std::vector<int>& ranks);

[[nodiscard]] std::string to_text(const PlanOverview& overview);
[[nodiscard]] std::string to_json(const PlanOverview& overview);

}  // namespace patchead
