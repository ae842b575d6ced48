#pragma once

#include <cstdint>
#include <vector>

#include "patchead/cache/store.hpp"
#include "run_observer.hpp"

/// \file
/// \brief `--store-limit`: removes features that no unfinished unit needs. Private to the engine
/// layer.

namespace patchead::inline engine_detail {

class StoreLimit : public RunObserver {
  public:
    /// `store` and `plan` must outlive it.
    StoreLimit(const Store& store, const SweepPlan& plan, std::uint64_t bytes);

    /// What is left to do says what is needed.
    void begun(const WorkGraph& graph, const RunState& state) override;
    /// A unit's artifact is there, its inputs may be needed no more.
    void ended(const EndedUnit& unit) override;

  private:
    void evict();

    const Store& store_;
    const SweepPlan& plan_;
    std::uint64_t limit_;
    std::uint64_t bytes_ = 0;           ///< Estimate of what is in the store.
    std::vector<std::size_t> readers_;  ///< Of each embed unit: units that have yet to read it.
    bool worth_a_look_ = true;          ///< Something may have become free since the last eviction.
};

}  // namespace patchead::inline engine_detail
