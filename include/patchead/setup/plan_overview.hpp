#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "patchead/plan/estimate.hpp"
#include "patchead/plan/resource_plan.hpp"
#include "patchead/plan/simulate.hpp"
#include "patchead/setup/plan_rates.hpp"

/// \file
/// \brief What a sweep would do and how long that takes on how many ranks, for people and programs.

namespace patchead {

/// Cores and GPUs side by side.
struct ResourceOverview {
    GpuSpeed gpu;
    int cores_per_gpu = 1;
    std::vector<ResourceRun> runs{};
};

/// What is to do of each kind, and what the store has.
struct PlanOverview {
    std::array<WorkEstimate, kUnitKinds.size()> to_do{};
    std::array<std::size_t, kUnitKinds.size()> planned{};
    std::size_t points = 0;
    std::size_t merged = 0;  ///< Points that several grids have, beyond the first of each.
    std::vector<SimulatedRun> runs{};
    /// What passes of images give beside features, by backbone; none with nothing.
    std::map<std::string, TokenRequest> tokens{};
    std::optional<ResourceOverview> resources{};  ///< Of a plan for GPUs, one for each rank.
};

/// `graph`: what is left of `plan`, its costs in seconds; played on each number of `ranks`.
[[nodiscard]] PlanOverview make_overview(const SweepPlan& plan, const WorkGraph& graph,
                                         const std::vector<int>& ranks);

/// What `state` leaves of `plan`, at `speed`. Of ranks with a GPU, `cores` is the number beside
/// each.
[[nodiscard]] PlanOverview make_overview(const SweepPlan& plan, const StoreState& state,
                                         const PlanSpeed& speed, const std::vector<int>& ranks,
                                         int cores);

[[nodiscard]] std::string to_text(const PlanOverview& overview);
[[nodiscard]] std::string to_json(const PlanOverview& overview);

}  // namespace patchead
