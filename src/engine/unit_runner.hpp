#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>

#include "patchead/cache/claims.hpp"
#include "patchead/cache/store.hpp"
#include "patchead/engine/engine_settings.hpp"
#include "work_report.hpp"

/// \file
/// \brief Around each unit on each rank: claim its artifact, stop in time, write the rank's log.
/// Private to the engine layer.

namespace patchead::inline engine_detail {

class UnitRunner {
  public:
    /// Makes a unit's artifact; returns what work that was.
    using Execute = std::function<WorkCount(const UnitRef&)>;

    /// `settings`, `plan` and `store` must outlive it.
    UnitRunner(const EngineSettings& settings, const SweepPlan& plan, const Store& store, int rank,
               Execute execute);

    /// Throws TaskBusy if another process is at the unit, else whatever `execute` throws.
    WorkCount run(const UnitRef& unit);

    /// Begins the grace period, after which `check` throws. From any thread.
    void begin_draining();
    /// Throws TaskInterrupted if the grace period is over.
    void check() const;

    /// Adds a line to the log of this rank.
    void log(const std::string& text) const;

  private:
    WorkCount run_logged(const UnitRef& unit);
    void log_unit(const UnitRef& unit, const std::string& what, double seconds) const;

    const EngineSettings& settings_;
    const SweepPlan& plan_;
    const Store& store_;
    Execute execute_;
    Claims claims_;
    std::filesystem::path log_;
    std::atomic<double> stop_at_;  ///< Seconds of the steady clock.
};

}  // namespace patchead::inline engine_detail
