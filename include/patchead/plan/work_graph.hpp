#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <utility>
#include <vector>

#include "patchead/plan/task_queue.hpp"
#include "patchead/plan/units.hpp"

/// \file
/// \brief What is left to do of a plan, as tasks that need each other.

namespace patchead {

/// What is left to do.
struct WorkGraph {
    std::vector<UnitRef> units;
    std::vector<Task> tasks;  ///< Same length; costs in estimated seconds.
};

/// Which artifacts exist already: of each kind (at its place in kUnitKinds) one flag for each unit
/// of the plan; none for a kind that leaves no artifacts.
struct StoreState {
    std::array<std::vector<bool>, kUnitKinds.size()> has{};
    /// Of each embed unit that is there, the tokens of the artifact that serves it.
    std::vector<TokenRequest> serving{};

    [[nodiscard]] std::vector<bool>& of(UnitKind kind) { return has[place_of(kind)]; }
    [[nodiscard]] const std::vector<bool>& of(UnitKind kind) const { return has[place_of(kind)]; }
};

/// How fast one rank is, as far as that depends on the machine.
struct CoreSpeed {
    double forward_gflops = 40;       ///< Of networks that were not timed.
    double match_gflops = 40;         ///< Of the matrix products that matching asks for.
    double image_seconds = 0.01;      ///< To read and resize one.
    double estimate_seconds = 0.05;   ///< Of where one image lies in another.
    double pixels_per_second = 15e6;  ///< Of maps, through all metrics.
    /// Of one square image, or tile, in a backbone (its number) at a size, where that was timed.
    std::map<std::pair<std::size_t, int>, double> forward_seconds;
};

/// The tasks that make all missing results and pictures, and nothing that they do not need; if the
/// options ask for tokens, the features that lack them, too. The
/// default speed orders tasks well enough; times in hours need a measured one.
[[nodiscard]] WorkGraph make_graph(const SweepPlan& plan, const StoreState& state,
                                   const CoreSpeed& speed = {});

}  // namespace patchead
