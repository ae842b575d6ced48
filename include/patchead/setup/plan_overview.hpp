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

/// Ranks that a schedule is played on.
struct PlayedRanks {
    std::vector<int> counts;     ///< Each is played.
    int per_machine = 0;         ///< 0: all.
    int core_ranks = 0;          ///< Of each machine: those that leave the device to the others.
    int cores = 1;               ///< Of each rank with a GPU; counts in a plan for GPUs only,
    int cores_of_core_rank = 1;  ///< as does this.
};

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
    /// Of a plan for GPUs, one for each rank but the core ranks.
    std::optional<ResourceOverview> resources{};
};

/// `graph`: what is left of `plan`, its costs in seconds, of which core ranks need `slowness` times
/// as many.
[[nodiscard]] PlanOverview make_overview(const SweepPlan& plan, const WorkGraph& graph,
                                         const PlayedRanks& ranks, double slowness = 1);

/// What `state` leaves of `plan`, at `speed`.
[[nodiscard]] PlanOverview make_overview(const SweepPlan& plan, const StoreState& state,
                                         const PlanSpeed& speed, const PlayedRanks& ranks);

[[nodiscard]] std::string to_text(const PlanOverview& overview);
[[nodiscard]] std::string to_json(const PlanOverview& overview);

}  // namespace patchead
