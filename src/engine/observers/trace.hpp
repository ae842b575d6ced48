#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "run_observer.hpp"

/// \file
/// \brief `--trace`: a timeline of units per rank, for chrome://tracing or ui.perfetto.dev. Private
/// to the engine layer.

namespace patchead::inline engine_detail {

class Trace : public RunObserver {
  public:
    /// Written to `file` at the end. `plan` must outlive it.
    Trace(const SweepPlan& plan, std::filesystem::path file)
        : plan_(plan), file_(std::move(file)) {}

    void ended(const EndedUnit& unit) override;
    /// Throws CacheError.
    void finished(const RunState& state, const RunForecast& forecast) override;

  private:
    /// One unit on one rank; times in seconds since the start of the run.
    struct Event {
        int rank = 0;
        std::string_view kind;
        std::string unit;
        double started = 0;
        double seconds = 0;
    };

    const SweepPlan& plan_;
    std::filesystem::path file_;
    std::vector<Event> events_;
};

}  // namespace patchead::inline engine_detail
