#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>

#include "patchead/cache/claims.hpp"
#include "patchead/cache/store.hpp"
#include "patchead/plan/units.hpp"
#include "sweep_options.hpp"

/// \file
/// \brief Around each unit on each rank: claim its artifact, stop in time, write the rank's log.

namespace patchead {

class UnitRunner {
  public:
    /// Makes a unit's artifact and returns a report.
    using Execute = std::function<std::string(const UnitRef&)>;

    /// `options`, `spec`, `plan` and `store` must outlive it.
    UnitRunner(const SweepOptions& options, const SweepSpec& spec, const SweepPlan& plan,
               const Store& store, int rank, Execute execute);

    /// Throws TaskBusy if another process is at the unit, else whatever `execute` throws.
    std::string run(const UnitRef& unit);

    /// Begins the grace period, after which `check` throws. From any thread.
    void begin_draining();
    /// Throws TaskInterrupted if the grace period is over.
    void check() const;

  private:
    std::string run_logged(const UnitRef& unit);
    void log(const UnitRef& unit, const std::string& what, double seconds) const;

    const SweepOptions& options_;
    const SweepSpec& spec_;
    const SweepPlan& plan_;
    const Store& store_;
    Execute execute_;
    Claims claims_;
    std::filesystem::path log_;
    std::atomic<double> stop_at_;  ///< Seconds of the steady clock.
};

}  // namespace patchead
