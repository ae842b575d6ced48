#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <vector>

#include "patchead/cache/store.hpp"
#include "patchead/plan/sweep_plan.hpp"

/// \file
/// \brief `--store-limit`: removes features that no unfinished unit needs.

namespace patchead {

class StoreLimit {
  public:
    /// `store` and `plan` must outlive it; `graph` is what is left to do.
    StoreLimit(const Store& store, const SweepPlan& plan, const WorkGraph& graph,
               std::uint64_t bytes);

    /// A unit has ended: its artifact is there, its inputs may be needed no more.
    void ended(const UnitRef& unit);

  private:
    void evict();

    const Store& store_;
    const SweepPlan& plan_;
    std::uint64_t limit_;
    std::uint64_t bytes_ = 0;           ///< Estimate of what is in the store.
    std::vector<std::size_t> readers_;  ///< Of each embed unit: units that have yet to read it.
    bool worth_a_look_ = true;          ///< Something may have become free since the last eviction.
};

}  // namespace patchead
